"""Learn: Lessons.

Nine short lessons, one part at a time: predict, then see.
"""

from ui import frame, lessons

lessons.show(frame.state())

"""Learn: Lessons.

Nine short lessons, one part at a time: predict, then see.
"""

from ui import frame
from ui.lessons import lesson

lesson.show(frame.state())

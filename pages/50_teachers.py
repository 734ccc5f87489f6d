"""Teach: For teachers.

What each lesson needs and asks, its answers, and how to show all of it to a class.
"""

import streamlit as st

from figures.lessons.places import lessons
from figures.lessons.teaching import asked, minutes, myths, needs, solved, tasks
from ui import frame
from ui.session.runs import run_of

frame.state()

st.title("For teachers")
st.markdown("Everything here can be shown in front of a class, opened at any moment by a link, put "
            "into a course page, or printed. Students need no account, and nothing is recorded.")

st.header("The lessons")
titles = {l.number: f"{l.number}. {l.title} (about {minutes(l)} minutes)" for l in lessons()}
number = st.selectbox("Lesson", list(titles), format_func=titles.get, key="taught lesson")
lesson = lessons()[number - 1]
here = f"learn?lesson={number}&part=1"

st.markdown(f"Afterwards students are able to {lesson.able}")
st.markdown(f"**Links**: [lesson {number}]({here}), and [lesson {number} in presenter mode]"
            f"({here}&presenter=yes). A link with `part=2`, and so on, opens a later part; the "
            "button *QR code* there has the code of what is on the screen.")
if needs(lesson):
    st.markdown("**What it needs**: " + " ".join(needs(lesson)))
for myth in myths(lesson):
    st.markdown(f"**The mistake that it meets**: {myth}")

st.subheader("Questions for the class")
st.markdown(asked()[number])

st.subheader("The predictions, and their answers")
for found in solved(lesson, run_of):
    st.markdown(f"**Part {found.place.part}.** {found.text}  \n*{found.answer}* {found.why}")
for wish in tasks(lesson):
    st.markdown(f"**Task.** {wish} There are many ways to do it: the page says whether it is done.")

st.header("In front of a class")
st.markdown("""
- **Presenter mode**, *Present* in the sidebar: large type and nothing else. Esc leads back.
- **A clicker** steps: Page Down and Page Up, as the keys → and ← do.
- **Ask first.** *Blanks* on the stage hides numbers until somebody has predicted them, and playing
  waits there.
- **QR code** shows the link to the very moment, to be photographed from the seats.
""")

st.header("In the seats: one machine for a class")
st.markdown("On a machine that the class can reach, in the folder of Backstep:")
st.code("HOST=0.0.0.0 make run", language="bash")
st.markdown("""
Students open the address of that machine with `:8501` behind it; a QR code made at that address
leads there. Nothing is installed in the seats, and nothing leaves the room.

Measured with `python -m tests.bench sessions`: for 50 students, each of whom changes the network
every two seconds, so that each change trains another one, Backstep takes 162 MB of memory and 59 %
of one core. The command measures the same, and how long an answer takes, on your own machine.
""")

st.header("In a course page")
st.markdown("`embed=true` leaves out the bar and the sidebar. The site that shows it must be named "
            "when Backstep is started:")
st.code('BACKSTEP_FRAME_ANCESTORS="https://moodle.example.org" HOST=0.0.0.0 make run',
        language="bash")
st.code('<iframe src="https://backstep.example.org/learn?embed=true&lesson=1&part=1"\n'
        '        width="700" height="600" style="border: 0" allow="clipboard-write"\n'
        '        title="Backpropagation, step by step"></iframe>', language="html")

st.header("On paper")
st.markdown("A training step to be computed by hand: any network, a seed for each student, the "
            "blanks that you choose, and the answer keys.")
st.page_link("pages/51_worksheet.py", label="Make a worksheet", icon=":material/print:")

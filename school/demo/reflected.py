"""What the radiographers of the demo wrote down as their CPD: invented, and close to what such people learn by."""

from typing import NamedTuple

from logbooks.cpd.learning import Learning

WORK, PROFESSIONAL, FORMAL, SELF, OTHER = Learning


class Words(NamedTuple):
    """A reflection: what was learned, what is better in practice, and who benefits."""

    learned: str
    practice: str
    benefit: str


class Learned(NamedTuple):
    """An activity. `day` counts from the first day of the cycle before or, in the running one, back from today."""

    day: int
    learning: Learning
    title: str
    minutes: int | None
    words: Words | None = None
    # How many days it went on for, and what shows it.
    days: int = 1
    evidence: str = ""


# The practice educator ----------------------------------------------------------------------------

DILYS_BEFORE = (
    Learned(9, SELF, "Read the new guidance on breast-feeding after FDG", 60),
    Learned(31, WORK, "First week on the digital scanner with the applications specialist", 900, Words(
        "The shorter frames and the new reconstruction look different from what I had learned to call normal. I compared twenty examinations with their old ones until I trusted my eye.",
        "I wrote a one-page sheet of usual appearances, which hangs in the control room. We no longer repeat bed positions that only look noisy.",
        "Examinations are eight minutes shorter, which matters most to those who cannot lie still for long.",
    ), days=5, evidence="My sheet of usual appearances"),
    Learned(66, FORMAL, "Practice educator accreditation: four online sessions", 720, Words(
        "Feedback works when it is soon, about one thing, and ends with what to do next.",
        "I give two minutes of feedback after each list instead of a talk on Friday.",
        "Students say at the end of a placement what they will work on. Two asked to come back.",
    ), days=40, evidence="Certificate of accreditation"),
    Learned(118, PROFESSIONAL, "Supervised a second-year student for six weeks", None, days=42),
    Learned(150, WORK, "Audit of extravasation: 120 injections", 480, Words(
        "Four in a hundred showed activity at the site of injection. Most of them were in a hand vein and nobody had noted it.",
        "We look at the site in the first bed position now and write down what we see.",
        "A low uptake value is not mistaken for a response to treatment when the dose never arrived.",
    ), days=20, evidence="Audit report without names"),
    Learned(171, SELF, "Listened to a series about anxiety in the scanner", 180, days=12),
    Learned(214, OTHER, "Helped at a stand about careers in imaging at a secondary school", 240),
    Learned(246, WORK, "Spill drill in the uptake room", 45),
    # Nothing for four months: the reason is below.
    Learned(371, FORMAL, "Radiation protection update for operators", 180, evidence="Certificate of attendance"),
    Learned(398, SELF, "Read two papers on delayed imaging in PSMA examinations", 120),
    Learned(427, PROFESSIONAL, "Taught the evening session on patient preparation", 90, Words(
        "To teach the preparation of people with diabetes I had to look up why each step is there. Two of ours had no reason that I could find.",
        "With the clinical lead I took those two steps out of our letter, and put the glucose limit first.",
        "The letter is one page. Fewer people arrive who have to be sent home.",
    ), evidence="Slides of the session"),
    Learned(455, WORK, "Case discussion: arms down after shoulder surgery", 60),
    Learned(489, PROFESSIONAL, "Assessed competencies of three students", 270, days=21),
    Learned(516, SELF, "Online module: communicating with people who live with dementia", 75),
    Learned(541, WORK, "Set up the new dose calibrator with the physicist", 210, Words(
        "I can explain now what the linearity test is for, and what a drift would look like.",
        "The daily check is read back by a second person. We found one wrong setting in the first month.",
        "Everybody gets the activity that was prescribed.",
    )),
    Learned(573, OTHER, "Member of the patients’ forum of the hospital", 360, days=90),
    Learned(602, FORMAL, "Study day on theranostics", 390, evidence="Certificate of attendance"),
    Learned(633, PROFESSIONAL, "Reviewed the placement handbook with the university", 150),
    Learned(668, WORK, "Incident meeting: two people of the same name on one list", 60, Words(
        "Both had answered to the name when it was called. The three identifiers were asked as a question that can be answered with yes.",
        "We ask openly: tell me your name. I watch for it when I observe students.",
        "The right person is injected. In the six months since, a mismatch was found twice before the injection.",
    )),
    Learned(694, SELF, "Read the report on image gently and CT dose in hybrid imaging", 90),
)  # fmt: skip
GAP = (
    (276, 363),
    "Two of our four radiographers were on leave and I worked extra lists. I learned on the job and wrote none of it down.",
)
SUMMARY = """I am a senior PET-CT radiographer and practice educator on a static scanner. I inject and scan about eight people a day, most of them for oncology, and I am responsible for the weekly checks of the dose calibrator.

About a third of my time goes to students. I supervise one or two at a time, assess their competencies, and lead a short evening session each term. I report to the lead radiographer of the site.

I learn mostly at work, from audits and from cases that went in another way than we planned, and I prepare what I teach."""
STATEMENT = """Standards 1 and 2. My record holds activities of five types. It has one gap, in which I worked extra lists and wrote nothing down.

Standard 3. When our scanner was replaced, I compared examinations of the same people until I knew what had changed. The sheet that came of it is used by all of us, and we no longer repeat bed positions that only look noisy. My audit of 120 injections showed that four in a hundred had activity at the site. We look there in the first bed position now, and write down what we see.

Standard 4. The accreditation as practice educator changed how I give feedback: at once, about one thing, and with a next step. Students say at the end of a placement what they will work on. While I prepared an evening session I found two steps in our letter to people with diabetes that had no reason. The letter is now one page, and fewer people have to be sent home.

Standard 5. The sheet, the certificate, the audit report and the slides are with this profile."""
# Those whose words the statement is about.
DESCRIBED = (31, 66, 150, 427)

DILYS_NOW = (
    Learned(258, SELF, "Read the trust’s new policy on identification", 30),
    Learned(240, PROFESSIONAL, "Supervised a third-year student for eight weeks", None, Words(
        "She was ready for more than I gave her. I keep hold of the difficult injections longer than a student needs.",
        "I plan with each student in the first week which task they lead by which day.",
        "Students leave with tasks that they have led from beginning to end.",
    ), days=54),
    Learned(205, WORK, "Changed our glucose sheet after three cancelled examinations", 120, Words(
        "All three had been told to fast by another clinic and had taken their insulin.",
        "The sheet says what to do with insulin for a morning and for an afternoon appointment.",
        "Nobody was sent home for a high or a low glucose in the two months since.",
    ), evidence="The sheet before and after"),
    Learned(183, FORMAL, "Half-day course: managing an extravasation", 210, evidence="Certificate of attendance"),
    Learned(160, OTHER, "Shadowed the radiopharmacy for a morning", 240, Words(
        "I saw how little room there is between the end of synthesis and the van.",
        "I ring them as soon as a list changes, and no longer at the end of the morning.",
        "Fewer doses are thrown away, and late additions can be scanned on the same day.",
    )),
    Learned(131, WORK, "Compared our CT dose with the national figures", 180),
    Learned(104, SELF, "Followed an online series on brain imaging in dementia", 150, days=9),
    Learned(83, PROFESSIONAL, "Examined one station at an OSCE", 300, Words(
        "With a list of items beside me I noticed how often I had marked kindness instead of what was done.",
        "I write down what I see first and judge after that, also on the ward.",
        "What a student is told rests on what happened.",
    )),
    Learned(61, WORK, "Case discussion: uptake in brown fat on a cold day", 45),
    Learned(40, FORMAL, "Basic life support, yearly", 180, evidence="Certificate of attendance"),
    Learned(24, SELF, "Read a review of total-body scanning", 60),
    Learned(12, WORK, "Second week with the new reconstruction", None),
)  # fmt: skip

# The School educator ------------------------------------------------------------------------------

INES_BEFORE = (
    Learned(14, PROFESSIONAL, "Wrote the first online module on tracers", 1200, Words(
        "Writing for people who read on a phone between two lists is another craft than lecturing.",
        "Each page asks one question. I cut what nobody needs on the day.",
        "Nine of ten who begin the module finish it.",
    ), days=60, evidence="Outline of the module"),
    Learned(90, FORMAL, "Postgraduate certificate in clinical education, first module", 2400, days=110),
    Learned(205, SELF, "Read about how examiners judge, and where they drift", 240),
    Learned(236, WORK, "Observed six educators at work on four sites", 1080, Words(
        "Good educators say aloud what they look at. Hardly anybody is told that they do.",
        "Our educators’ day has an hour in which pairs watch one another teach.",
        "Students at all sites hear why something is done, not only how.",
    ), days=25),
    Learned(282, PROFESSIONAL, "Spoke at the network’s study day about simulation", 75, evidence="Slides"),
    Learned(318, OTHER, "Governor of a primary school", None, days=200),
    Learned(364, SELF, "Took an online course on accessible documents", 300, Words(
        "Most of my slides could not be read by a screen reader.",
        "Headings, alternative texts and contrast are on my list before anything is published.",
        "A learner with low vision told me that she no longer asks for a copy.",
    )),
    Learned(410, WORK, "Rebuilt the assessment of positioning with two sites", 360, days=30),
    Learned(466, FORMAL, "Research methods, two days", 780, days=2, evidence="Certificate of attendance"),
    Learned(520, PROFESSIONAL, "Reviewed abstracts for the network’s conference", 180),
    Learned(557, WORK, "Looked into why bookings were cancelled late", 150),
    Learned(604, SELF, "Read three papers on spaced practice", 150),
    Learned(655, OTHER, "Mentor in a scheme for women who lead", 360, days=60),
)  # fmt: skip
INES_NOW = (
    Learned(252, WORK, "A week on the scanner, to stay in practice", 2250, Words(
        "Half of what I teach about workflow was two years old.",
        "I changed the module on preparation with what I saw, and go back each spring.",
        "What learners read is what they meet on the next day.",
    ), days=5),
    Learned(214, PROFESSIONAL, "Wrote two stations for the OSCE", 480, Words(
        "A colleague who played the patient showed me that my station could be passed without listening.",
        "Every station is played once before it is published.",
        "Candidates are marked on what matters to the person before them.",
    ), days=20, evidence="Notes of the rehearsal"),
    Learned(187, FORMAL, "Setting a standard: borderline regression in a day", 390, evidence="Certificate of attendance"),
    Learned(158, SELF, "Listened to lectures about fairness in assessment", 180, days=14),
    Learned(127, PROFESSIONAL, "Chaired the board of an OSCE for the first time", 240, Words(
        "I had prepared the figures and not the order in which people would speak.",
        "Each finding is read out with its reason before anybody argues.",
        "Candidates get a decision that can be explained to them.",
    )),
    Learned(96, WORK, "Cut the time to answer a learner from five days to two", 120),
    Learned(71, OTHER, "Took part in the university’s open evening", 180),
    Learned(50, SELF, "Compared three guidelines on paediatric activity", 120),
    Learned(33, PROFESSIONAL, "Taught a group of new practice educators", 360, evidence="Programme of the day"),
    Learned(18, WORK, "Reviewed what learners say about the new module", 90),
    Learned(6, FORMAL, "Safeguarding, level 3", 240),
)  # fmt: skip

# A student ----------------------------------------------------------------------------------------

AMARA = (
    Learned(96, FORMAL, "First aid at the sports centre", 360, evidence="Certificate of attendance"),
    Learned(52, SELF, "Watched two lectures on the decay of tracers", 90, Words(
        "I can draw the curve of FDG now and say what is left after one and two hours.",
        "I work out the activity in my head before I look at the table.",
        "I notice when a figure cannot be right, before it reaches anybody.",
    )),
    Learned(17, WORK, "Talked through a difficult cannulation with my educator", 30),
)  # fmt: skip

# Their colleagues, of whom nothing is known but what it was and how long it took -------------------

COLLEAGUES = (
    (
        Learned(12, WORK, "Learned the new injector on the list", 240),
        Learned(20, WORK, "Two lists with the mobile unit's crew", 420),
    ),
    (
        Learned(33, PROFESSIONAL, "Journal club: motion correction", 60),
        Learned(47, PROFESSIONAL, "Branch meeting on PSMA", 120),
    ),
    (
        Learned(58, FORMAL, "Radiation protection update", 180),
        Learned(71, FORMAL, "Intravenous access refresher", 210),
    ),
    (
        Learned(80, SELF, "Read the guideline on glucose before FDG", 45),
        Learned(91, SELF, "Webinar on artificial intelligence in reconstruction", 60),
    ),
    (
        Learned(101, OTHER, "Open day for sixth forms", 300),
        Learned(115, OTHER, "Helped at a memory café", 150),
    ),
)

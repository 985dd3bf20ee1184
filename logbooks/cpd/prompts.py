"""What to think of while one reflects: questions that fit the type of learning, for standards 2, 3 and 4."""

from collections.abc import Mapping
from dataclasses import dataclass

from logbooks.cpd.learning import Learning


@dataclass(frozen=True, slots=True)
class Prompts:
    """A question for each of the three boxes of an activity."""

    learned: str
    practice: str
    benefit: str


PROMPTS: Mapping[str, Prompts] = {
    Learning.WORK: Prompts(
        "What happened at work, and what do you know or can you do now that you did not before?",
        "What do you or your team do in another way since then? Which protocol, check or habit changed?",
        "Who notices the difference: a shorter wait, a lower dose, a calmer scan, a better image?",
    ),
    Learning.PROFESSIONAL: Prompts(
        "What did you bring to others, and what did you learn by preparing, teaching or leading it?",
        "What do students or colleagues do better through it, and what do you do better yourself?",
        "How does it reach patients, or the students and colleagues whom you serve?",
    ),
    Learning.FORMAL: Prompts(
        "What did the course teach you that matters for your work now, or for work you want to do?",
        "What have you used since? Say when, and what you did differently.",
        "What does it mean for those you scan or look after? How can you tell?",
    ),
    Learning.SELF: Prompts(
        "What did you read, watch or look up, why, and what did you take from it?",
        "What did you change, or decide to keep as it is, because of it?",
        "Which patients, students or colleagues are better off, and how?",
    ),
    Learning.OTHER: Prompts(
        "What did you do, and what did you learn that helps in your work now or later?",
        "What is better in your practice since then?",
        "Who benefits, and how do you know?",
    ),
}

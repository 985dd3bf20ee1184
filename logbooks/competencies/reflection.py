"""Reflections: the questions of each model, and the one text that their answers are kept as."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a model: its key in a form, what stands above its words, and what to think of."""

    key: str
    heading: str
    hint: str


# Rolfe, Freshwater and Jasper, Critical reflection for nursing and the helping professions, 2001;
# Gibbs, Learning by doing, 1988.
QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    "what": (
        Question("what_what", "What?", "What happened, and what did you do?"),
        Question("what_so_what", "So what?", "What did it mean, and what did you learn?"),
        Question("what_now_what", "Now what?", "What will you do next time?"),
    ),
    "gibbs": (
        Question("gibbs_description", "Description", "What happened?"),
        Question("gibbs_feelings", "Feelings", "What did you think and feel?"),
        Question("gibbs_evaluation", "Evaluation", "What was good about it, and what was not?"),
        Question("gibbs_analysis", "Analysis", "What sense can you make of it?"),
        Question("gibbs_conclusion", "Conclusion", "What else could you have done?"),
        Question("gibbs_action", "Action plan", "What will you do if it comes again?"),
    ),
    "free": (Question("free_words", "", "In your own way"),),
}


def text_of(model: str, answers: Mapping[str, str]) -> str:
    """The answers as one text: each question's heading on a line of its own, its words below; what was left empty is left out."""
    parts = []
    for question in QUESTIONS.get(model, ()):
        words = answers.get(question.key, "").strip()
        if words:
            parts.append(f"{question.heading}\n{words}" if question.heading else words)
    return "\n\n".join(parts)


def answers_of(model: str, text: str) -> dict[str, str]:
    """The answers that a text of `text_of` holds, by the question's key."""
    questions = QUESTIONS.get(model, ())
    if not text or not questions:
        return {}
    headings = {question.heading: question.key for question in questions if question.heading}
    if not headings:
        return {questions[0].key: text}
    found: dict[str, list[str]] = {}
    # Headings stand in the order of the model: a line that only looks like one belongs to the words.
    left = list(headings)
    key = questions[0].key
    lines = text.split("\n")
    for place, line in enumerate(lines):
        begins = line in left and (place == 0 or not lines[place - 1])
        if begins:
            left = left[left.index(line) + 1 :]
            key = headings[line]
        found.setdefault(key, [])
        if not begins:
            found[key].append(line)
    return {key: "\n".join(words).strip() for key, words in found.items() if any(words)}


def paragraphs(model: str, text: str) -> list[tuple[str, str]]:
    """A reflection as pairs of heading and words, in the order of its model."""
    answers = answers_of(model, text)
    return [
        (question.heading, answers[question.key])
        for question in QUESTIONS.get(model, ())
        if question.key in answers
    ] or ([("", text)] if text else [])

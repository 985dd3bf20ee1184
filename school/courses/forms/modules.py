"""The paper of a quiz as a form, and what School educators fill in of a module and its questions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from school.core.forms import SchoolForm
from school.courses.actions.modules import FEWEST, MOST, Choice
from school.courses.forms.teaching import number
from school.courses.models import Module, Question
from school.courses.papers import Chosen, Paper

PREFIX = "q-"
KINDS = [(key, words.capitalize()) for key, words in Question.Kind.choices]


class QuizForm(SchoolForm):
    """Every question of a paper, with the answers that it offers."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    # The digest of the paper that was shown.
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, initial={"shown": paper.digest, "uuid": uuid4()}, **kwargs)
        for place, question in enumerate(paper.questions, start=1):
            several = question.several
            sort = forms.MultipleChoiceField if several else forms.ChoiceField
            wrong = f"Choose an answer to question {place}"
            self.fields[f"{PREFIX}{question.uuid}"] = sort(
                label=f"{place}. {question.text}",
                help_text="More than one is right" if several else "",
                choices=[(str(option.uuid), option.text) for option in question.options],
                widget=forms.CheckboxSelectMultiple if several else forms.RadioSelect,
                error_messages={"required": wrong, "invalid_choice": wrong, "invalid_list": wrong},
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        """The questions in the order asked."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]


def with_paper(sent: QueryDict, paper: Paper) -> QueryDict:
    """What was sent, for a page that shows the paper of now: its answers where they still fit."""
    anew = sent.copy()
    anew["shown"] = paper.digest
    return anew


def chosen_in(sent: QueryDict) -> Chosen:
    """What was chosen, by question; whatever is no key is left out."""
    found: dict[UUID, set[UUID]] = {}
    for name in sent:
        question = _uuid(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
        if question is not None:
            answers = (_uuid(answer) for answer in sent.getlist(name))
            found[question] = {answer for answer in answers if answer is not None}
    return found


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


class ModuleForm(SchoolForm):
    """How a module's quiz is drawn and passed."""

    asked = number(
        label="Questions in a quiz",
        min_value=1,
        max_value=50,
        help_text="Drawn from the bank by chance for each attempt",
    )
    pass_percent = number(
        label="Pass mark, in percent", min_value=1, max_value=100, help_text="Like 80"
    )
    attempts = number(
        label="Attempts",
        required=False,
        min_value=1,
        max_value=100,
        help_text="Leave empty for as many as somebody likes",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)


def module_initial(module: Module | None) -> dict[str, Any]:
    """A module as its form shows it."""
    if module is None:
        return {"uuid": uuid4(), "asked": 10, "pass_percent": 80}
    names = ("uuid", "asked", "pass_percent", "attempts")
    return {name: getattr(module, name) for name in names}


class QuestionForm(SchoolForm):
    """A question of the bank, with up to six answers."""

    text = forms.CharField(
        label="Question", max_length=500, widget=forms.Textarea(attrs={"rows": "3"})
    )
    kind = forms.ChoiceField(
        label="How many answers are right", choices=KINDS, widget=forms.RadioSelect
    )
    feedback = forms.CharField(
        label="Said after the attempt",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Why the right answer is right",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, MOST + 1):
            self.fields[f"answer_{place}"] = forms.CharField(
                label=f"Answer {place}", max_length=300, required=place <= FEWEST
            )
            self.fields[f"right_{place}"] = forms.BooleanField(
                label=f"Answer {place} is right", required=False
            )
        answers = [f"{name}_{n}" for n in range(1, MOST + 1) for name in ("answer", "right")]
        self.order_fields(["text", "kind", *answers, "feedback"])

    def sent(self) -> dict[str, Any]:
        """What was typed, for the action."""
        data = self.cleaned_data
        places = [n for n in range(1, MOST + 1) if data[f"answer_{n}"]]
        return {
            "uuid": data["uuid"],
            "text": data["text"],
            "kind": Question.Kind(data["kind"]),
            "feedback": data["feedback"],
            "answers": [Choice(data[f"answer_{n}"], data[f"right_{n}"]) for n in places],
        }


def question_initial(question: Question | None) -> Mapping[str, Any]:
    """A question as its form shows it."""
    if question is None:
        return {"uuid": uuid4(), "kind": Question.Kind.ONE}
    found = {name: getattr(question, name) for name in ("uuid", "text", "kind", "feedback")}
    for place, answer in enumerate(question.answers.all(), start=1):
        found |= {f"answer_{place}": answer.text, f"right_{place}": answer.right}
    return found

"""The forms of the placement programme, by who fills them in."""

"""The pages of the placement programme, by who they are for."""

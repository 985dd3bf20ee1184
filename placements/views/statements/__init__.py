"""Statements of hours: for those who may see the record, and the public check of one."""

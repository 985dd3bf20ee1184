"""One indexed table."""

from django.conf import settings
from django.db import models


class Row(models.Model):
    """Something a user has many of."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    created = models.DateTimeField()
    title = models.CharField(max_length=100)
    minutes = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "-created"], name="bare_newest")]

    def __str__(self) -> str:
        return self.title

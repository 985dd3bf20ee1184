"""The search index when two tasks of one page run at once."""

import threading

import pytest
from django.db import connection
from wagtail.search import index
from wagtail.search.models import IndexEntry

from cms.models import HomePage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


def test_two_workers_index_one_page_at_once(pages: None) -> None:
    """Goes wrong elsewhere: the loser's task fails on the entry that the winner made."""
    page, failed = HomePage.objects.get(), []
    for _ in range(15):
        IndexEntry.objects.all().delete()
        start = threading.Barrier(2)

        def work(start: threading.Barrier = start) -> None:
            start.wait()
            try:
                index.insert_or_update_object(page)
            except Exception as error:
                failed.append(error)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert IndexEntry.objects.filter(object_id=str(page.pk)).count() == 1
    assert failed == []

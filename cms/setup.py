"""Makes the tree of pages and the writers' rights on it; run again it adds only what is missing."""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.template import Context, Template
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.models import Site as Host

from cms import starting_courses
from cms.actions import WRITERS
from cms.models import (
    CourseIndexPage,
    HomePage,
    PlainPage,
    SecondReader,
    SiteIndexPage,
    SitePage,
)
from school.people.models import Site

TEXTS = Path(__file__).parent / "starting_texts"
PLAIN = {
    "accessibility": ("Accessibility", "What the portal does for everybody, how it is tested, and what is not right yet."),
    "privacy": ("Privacy", "What the portal keeps about you, who sees it, why, and for how long."),
    "help": ("Help", "Signing in, logging a shift, confirming hours, and what the words mean."),
    "contact": ("Contact the School", "Whom to ask about hours, placements, pages and signing in."),
}  # fmt: skip


def ensure_pages() -> None:
    """The home page, the catalogue, the sites with a page each, the plain pages, and who writes and approves them."""
    with transaction.atomic():
        home = _home()
        _plain_pages(home)
        index = _site_index(home)
        _site_pages(index)
        catalogue = _catalogue(home)
        starting_courses.add_pages(catalogue)
        _doors(home, catalogue)
        _writers(home)
        _second_reader(catalogue)


def _root() -> Page:
    if not Locale.objects.exists():
        Locale.objects.create(language_code=settings.LANGUAGE_CODE)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    root = Page.get_first_root_node()
    if root is None:
        kind = ContentType.objects.get_for_model(Page)
        root = Page.add_root(instance=Page(title="Root", slug="root", content_type=kind))
    return root


def _home() -> HomePage:
    found = HomePage.objects.first()
    if found:
        return found
    root = _root()
    home = HomePage(
        title="Learning PET-CT, from the first day in a scanner room",
        slug="school",
        lead="Placements for radiography students, and one record of them that students, sites and universities share.",
        search_description="Placements, hours and record books in PET-CT for radiography students and the sites that teach them.",
    )
    root.add_child(instance=home)
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    host = Host.objects.filter(is_default_site=True).first() or Host(is_default_site=True)
    host.hostname = address.hostname or "localhost"
    host.port = address.port or (443 if address.scheme == "https" else 80)
    host.site_name = settings.WAGTAIL_SITE_NAME
    host.root_page = home
    host.save()
    # Wagtail's own welcome: a bare page beside ours.
    for page in root.get_children().not_type(HomePage):
        page.delete()
    return home


def _plain_pages(home: HomePage) -> None:
    known = set(PlainPage.objects.filter(fixed=True).values_list("slug", flat=True))
    mailbox = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    for slug, (title, description) in PLAIN.items():
        if slug not in known:
            source = (TEXTS / f"{slug}.html").read_text(encoding="utf-8")
            text = Template(source).render(Context({"mailbox": mailbox}))
            page = PlainPage(
                title=title,
                slug=slug,
                fixed=True,
                search_description=description,
                body=[("text", text)],
            )
            _add(home, page)


def _site_index(home: HomePage) -> SiteIndexPage:
    found = SiteIndexPage.objects.first()
    if found:
        return found
    index = SiteIndexPage(
        title="Placement sites",
        slug="sites",
        lead="Every site where a student may be placed, and what it asks of you before the first day.",
        search_description="The PET-CT sites of the network on a map and by region.",
    )
    _add(home, index)
    return index


def _site_pages(index: SiteIndexPage) -> None:
    for site in Site.objects.filter(page=None):
        index.add_child(instance=SitePage(title=site.name, slug=site.slug, site=site))


def _catalogue(home: HomePage) -> CourseIndexPage:
    found = CourseIndexPage.objects.first()
    if found:
        return found
    catalogue = CourseIndexPage(
        title="Courses and events",
        slug="courses",
        lead="What the School teaches the people who work in PET-CT and beside it: who each course is for, when it is held, and how many places are left.",
        search_description="Courses, study days and online modules for the PET-CT workforce, with their dates and places left.",
    )
    _add(home, catalogue)
    return catalogue


def _doors(home: HomePage, catalogue: CourseIndexPage) -> None:
    if home.doors:
        return
    home.doors = [
        ("door", {"title": "I am a student", "page": None, "text": "Log shifts on your phone. See what is confirmed, what is queried and why, and what is left."}),
        ("door", {"title": "I am a practice educator", "page": None, "text": "One inbox, oldest first. Confirm a week in a minute, with every line in front of you before you sign."}),
        ("door", {"title": "I work in PET-CT", "page": catalogue.page_ptr, "text": "Find a course, see its dates and the places left, and book yours."}),
    ]  # fmt: skip
    home.save_revision().publish()


def _add(parent: Page, page: Page) -> None:
    # With a revision, so that an editor can always come back to the words that were shipped.
    parent.add_child(instance=page)
    page.save_revision().publish()


def _writers(home: HomePage) -> None:
    group, _ = Group.objects.get_or_create(name=WRITERS)
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    for codename in ("add_page", "change_page", "publish_page"):
        GroupPagePermission.objects.get_or_create(
            group=group,
            page=home.page_ptr,
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            ),
        )
    redirects = Permission.objects.filter(content_type__app_label="wagtailredirects")
    group.permissions.add(*redirects.exclude(codename__startswith="view"))
    everything = Collection.get_first_root_node()
    for app, kind in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        for act in ("add", "change", "choose"):
            GroupCollectionPermission.objects.get_or_create(
                group=group,
                collection=everything,
                permission=Permission.objects.get(
                    content_type__app_label=app, codename=f"{act}_{kind}"
                ),
            )


def _second_reader(catalogue: CourseIndexPage) -> None:
    """What is taught goes out when somebody else has read it; the names end the editor's “Submit to …”."""
    name = "a second reader"
    task = SecondReader.objects.first() or SecondReader.objects.create(name=name)
    workflow = Workflow.objects.filter(workflow_tasks__task=task).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=name)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    if not WorkflowPage.objects.filter(page=catalogue.page_ptr).exists():
        WorkflowPage.objects.create(page=catalogue.page_ptr, workflow=workflow)

"""Documents in a real browser: add them, wait, read, find, cite, without scripts too."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from proposals import jobs
from proposals.actions.documents import add_document
from screening.models import Job
from tests.journeys.helpers import give_session
from tests.proposals.files import checked, docx_bytes, pdf_bytes, xlsx_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def signed_in(page, client, officer, live_server):
    give_session(page.context, client, officer, live_server)
    return page


def add_read(proposal, by, content, name="narrative.pdf"):
    """Jobs run at once in tests, so the pages are there when this returns."""
    document = add_document(proposal=proposal, upload=checked(content, name), kind="narrative", by=by)
    document.refresh_from_db()
    return document


def address(document, query=""):
    return reverse("proposals:document-view", args=[document.pk]) + query


def test_files_are_added_and_read(signed_in, inspector, proposal, tmp_path):
    page = signed_in
    (tmp_path / "plan.pdf").write_bytes(pdf_bytes(["Hello", "Harbour"]))
    (tmp_path / "fake.pdf").write_bytes(b"<script>alert(1)</script>")

    page.goto(reverse("proposals:document-add", args=[proposal.pk]))
    page.get_by_label("Files", exact=True).set_input_files([tmp_path / "plan.pdf", tmp_path / "fake.pdf"])
    page.get_by_role("button", name="Add these files").click()

    page.get_by_text("fake.pdf: The name ends in .pdf, but the file is not a PDF.", exact=True).wait_for()
    inspector.inspect("a refused file")
    page.get_by_role("link", name="plan.pdf", exact=True).click()
    page.get_by_role("heading", name="Page 2 of 2").wait_for()
    assert page.locator(".doc-sheet img").first.evaluate("img => img.decode().then(() => img.naturalWidth)") == 1100
    assert "\n".join(inspector.found) == ""


def test_the_page_number_follows_and_leads(signed_in, proposal, officer):
    document = add_read(proposal, officer, pdf_bytes([f"Words {n}" for n in range(1, 9)]))
    page = signed_in

    page.goto(address(document))
    field = page.get_by_label("Page", exact=True)
    field.fill("6")
    field.press("Enter")
    expect(page.locator("#page-6")).to_be_focused()
    box = page.locator("#page-6").bounding_box()
    assert 0 <= box["y"] < 300

    page.locator("body").click(position={"x": 5, "y": 5})
    page.evaluate("document.getElementById('page-3').scrollIntoView()")
    expect(field).to_have_value("3")


def test_sizes_change_without_a_trip(signed_in, proposal, officer):
    document = add_read(proposal, officer, pdf_bytes())
    page = signed_in
    page.goto(address(document))
    picture = page.locator(".doc-sheet img")
    fit = picture.bounding_box()["width"]

    page.get_by_role("link", name="150 %").click()

    assert picture.bounding_box()["width"] > fit
    assert "zoom" not in page.url
    page.reload()
    expect(page.locator(".reader")).to_have_attribute("data-zoom", "150")


def test_a_page_is_cited_to_the_form_around_the_frame(signed_in, proposal, officer):
    document = add_read(proposal, officer, pdf_bytes(["Hello", "Consent of every person"]))
    page = signed_in
    page.goto(address(document))
    # Any page of ours may hold the frame; this one stands for the assessment form.
    page.evaluate(
        """source => {
            window.cited = [];
            window.addEventListener("message", (event) => {
                if (event.origin === location.origin) window.cited.push(event.data);
            });
            const frame = document.createElement("iframe");
            frame.name = "reader";
            frame.width = 700;
            frame.height = 700;
            frame.src = source;
            document.querySelector("main").replaceChildren(frame);
        }""",
        address(document, "?embed=1"),
    )
    frame = page.frame_locator("iframe[name=reader]")

    frame.get_by_role("button", name="Cite page 1").click()
    section = frame.locator("#page-2")
    section.locator("summary").click()
    section.locator(".doc-text").evaluate("node => getSelection().selectAllChildren(node)")
    frame.get_by_role("button", name="Cite page 2").click()

    page.wait_for_timeout(100)
    assert page.evaluate("window.cited") == [
        {"type": "screening:cite", "document": document.pk, "page": "1", "quote": ""},
        {"type": "screening:cite", "document": document.pk, "page": "2", "quote": "Consent of every person"},
    ]


def test_while_pages_are_made_the_page_looks_again_by_itself(signed_in, proposal, officer):
    document = add_read(proposal, officer, pdf_bytes(["One", "Two"]))
    jobs.actions.begin_reading(document=document)
    type(document).objects.update(reading="waiting")
    page = signed_in
    page.goto(address(document))
    page.get_by_role("heading", name="The pages are being prepared").wait_for()

    jobs.handle_read_document(Job.objects.latest("pk"))

    page.get_by_role("heading", name="Page 2 of 2").wait_for()


def test_the_reader_works_without_scripts(browser, browser_context_args, client, live_server, proposal, officer):
    document = add_read(proposal, officer, pdf_bytes(["Hello", "Harbour of consent"]))
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    give_session(context, client, officer, live_server)
    page = context.new_page()

    page.goto(address(document))
    page.get_by_label("Page", exact=True).fill("2")
    page.get_by_role("button", name="Go").click()
    assert page.url.endswith("page=2#page-2")
    page.get_by_role("link", name="Text only").click()
    page.get_by_text("Harbour of consent").wait_for()
    page.get_by_label("Find in this document").fill("CONSENT")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Page 2").click()
    assert page.url.endswith("page=2#page-2")
    page.get_by_role("link", name="100 %").click()
    assert "zoom=100" in page.url
    context.close()


def test_axe_finds_nothing_and_nothing_overflows(signed_in, inspector, proposal, officer):
    pdf = add_read(proposal, officer, pdf_bytes(["Hello", "Harbour"]))
    word = add_read(proposal, officer, docx_bytes(), "plan.docx")
    book = add_read(proposal, officer, xlsx_bytes(), "costs.xlsx")

    for target in (
        address(pdf),
        address(pdf, "?embed=1"),
        address(pdf, "?text=1"),
        address(pdf, "?q=harbour"),
        address(word, "?embed=1"),
        address(book),
        reverse("proposals:document-remove", args=[pdf.pk]),
    ):
        assert inspector.look(target) == 200, target

    assert "\n".join(inspector.found) == ""

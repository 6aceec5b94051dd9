"""Case F2 (X2) of the faults: a drawing is ended from outside, and proven before it is ready."""

from __future__ import annotations

import io
import os
import signal
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from weasyprint.pdf import fonts as pdf_fonts

from reports.printing.pdf import engine, proof
from reports.printing.pdf.errors import PdfError, TooLongError
from reports.printing.press import Press

PAGE = (
    '<html lang="id"><title>Lembar 99</title><body>Capaian minggu ini 1.234 dari 5.678'
    "<svg viewBox='0 0 9 9'><title>tidak tercetak 77</title></svg></body></html>"
)


@pytest.fixture
def press():
    press = Press()
    yield press
    press.close()


def own_pid() -> int:
    return os.getpid()


def burn() -> None:
    while True:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001, S112 - as a library does that swallows a time limit
            continue


def end_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(error: Exception) -> None:
    raise error


def test_one_process_draws_and_is_used_again(press: Press) -> None:
    pids = {press.draw(own_pid) for _document in range(3)}
    assert len(pids) == 1
    assert pids != {os.getpid()}


def test_web_process_keeps_no_renderer(press: Press) -> None:
    """Each letter in a process of its own, below one that stays small; limits hold there, too."""
    press.start(is_apart=True)
    pids = {press.draw(own_pid) for _letter in range(2)}
    assert len(pids) == 2
    with pytest.raises(PdfError, match="ended"):
        press.draw(end_at_once)
    assert press.draw(own_pid) not in pids


def test_f2_nothing_inside_can_swallow_the_limit(press: Press, settings) -> None:
    settings.BUILD_CPU_SECONDS = 0
    with pytest.raises(TooLongError):
        press.draw(burn)
    assert press.draw(own_pid)  # the next document has a new process


def test_killed_process_is_an_error_of_the_document(press: Press) -> None:
    with pytest.raises(PdfError, match="ended"):
        press.draw(end_at_once)


@pytest.mark.parametrize("error", [PdfError("font"), OSError(28, "No space"), ValueError("x")])
def test_error_comes_out_as_it_was(press: Press, error: Exception) -> None:
    with pytest.raises(type(error), match=str(error.args[-1])):
        press.draw(fail, error)


def test_f2_limit_in_the_third_font_makes_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of a task is an Exception, and WeasyPrint's cutting of fonts swallows those."""
    from celery.exceptions import SoftTimeLimitExceeded

    calls = 0
    cut = pdf_fonts.instantiateVariableFont

    def struck(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise SoftTimeLimitExceeded
        return cut(*arguments, **options)

    monkeypatch.setattr(pdf_fonts, "instantiateVariableFont", struck)
    weights = "".join(f"<b style='font-weight:{weight}'>tebal</b>" for weight in (300, 600, 900))
    html = PAGE.replace("</body>", f"{weights}</body>")
    with pytest.raises(PdfError):
        engine.html_to_pdf(html)
    assert calls >= 3


def test_proof_of_a_good_page() -> None:
    content, pages = engine.html_to_pdf(PAGE)
    proof.prove(content, pages, PAGE)


def test_what_is_not_on_the_page_is_not_asked_for() -> None:
    assert sorted(proof.figures_of(PAGE).elements()) == list("12345678")


def test_f2_lost_figure_is_found() -> None:
    content, pages = engine.html_to_pdf(PAGE)
    with pytest.raises(PdfError, match="figures"):
        proof.prove(content, pages, PAGE.replace("5.678", "5.679"))


def test_f2_wrong_number_of_pages_is_found() -> None:
    content, pages = engine.html_to_pdf(PAGE)
    with pytest.raises(PdfError, match="pages"):
        proof.prove(content, pages + 1, PAGE)


def test_f2_half_a_file_is_found() -> None:
    content, pages = engine.html_to_pdf(PAGE)
    with pytest.raises(PdfError):
        proof.prove(content[: len(content) // 3], pages, PAGE)


def test_f2_empty_page_is_found() -> None:
    content, pages = engine.html_to_pdf(PAGE)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.add_blank_page()
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(PdfError, match="readable"):
        proof.prove(out.getvalue(), pages + 1, PAGE)


def test_f2_font_that_is_not_in_the_file_is_found() -> None:
    content, pages = engine.html_to_pdf(PAGE)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for item in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        descriptor = item.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            descriptor.get_object().pop(key, None)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(PdfError):
        proof.prove(out.getvalue(), pages, PAGE)

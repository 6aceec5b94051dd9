"""The one way a file from outside is opened: whatever it does, it does to a child process."""

from __future__ import annotations

from pathlib import Path

import pytest

from facilities.sandbox import Bounds, GaveUpError, UnreadableError, run_limited

PLENTY = Bounds(memory=512 * 1024 * 1024, processor=60, clock=120)


def ran(folder: Path, text: str, bounds: Bounds = PLENTY, content: bytes = b"") -> bytes:
    program = folder / "program.py"
    program.write_text(text)
    return run_limited(program, bounds=bounds, content=content, arguments=["one"])


def test_it_answers_and_sees_nothing_of_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    text = "import os, sys; print(sys.argv[1:], sys.stdin.read(), sorted(os.environ), sys.path)"
    said = ran(tmp_path, text, content=b"bytes").decode()
    assert said.startswith("['one'] bytes ['LC_ALL'")
    assert str(Path.cwd()) + "'" not in said  # no module of ours can be imported


def test_memory_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(GaveUpError):
        ran(tmp_path, "bytearray(2**31)")


def test_processor_time_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(GaveUpError):
        ran(tmp_path, "while True: pass", Bounds(PLENTY.memory, processor=1, clock=300))


def test_the_clock_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(GaveUpError):
        ran(tmp_path, "import time; time.sleep(600)", Bounds(PLENTY.memory, 60, clock=0.5))


@pytest.mark.parametrize(
    "text", ["1 / 0", "open('/tmp/outside', 'w').write('x' * 9999)", "import facilities"]
)
def test_what_goes_wrong_inside_is_no_answer(tmp_path: Path, text: str) -> None:
    with pytest.raises((UnreadableError, GaveUpError)):
        ran(tmp_path, text)


def test_every_reader_of_uploads_runs_in_it() -> None:
    """Nothing else opens what people send: these libraries are imported nowhere outside of the
    programs that run in the sandbox, but for what the site itself writes and draws."""
    root = Path(__file__).parents[3]
    apart = {
        "facilities/tabular/parse.py", "reports/printing/picture_bytes.py",
        "reports/problems/pdf_objects.py",
    }  # fmt: skip
    readers = ("PIL import", "pypdf ", "pypdfium2", "load_workbook", "import pypdf")
    found = {
        str(path.relative_to(root))
        for app in ("facilities", "reports", "clusters", "lifecycle")
        for path in (root / app).rglob("*.py")
        if any(word in path.read_text() for word in readers)
    }
    # Neither reads what somebody sent: a picture, and the PDF that was drawn a moment ago.
    assert found - apart == {"reports/share/drawing.py", "reports/printing/pdf/proof.py"}
    assert apart <= found

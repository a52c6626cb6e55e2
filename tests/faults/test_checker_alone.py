"""The checker knows the product by its replies alone: it imports nothing of it, and its chain agrees with published vectors."""

import ast
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "checker"
ALLOWED = ("tests.faults.checker",)


def test_it_imports_the_standard_library_and_itself() -> None:
    foreign = []
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            foreign += [f"{path.name}: {name}" for name in names if not _allowed(name)]
    assert not foreign


def test_running_it_loads_nothing_of_the_product() -> None:
    program = (
        "import sys; import tests.faults.checker.exam; import tests.faults.checker.verdict;"
        "print([name for name in sys.modules if name.split('.')[0] in ('examsite', 'flask', 'sqlalchemy')])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=FOLDER.parents[2])
    assert told.stdout.strip() == "[]"


def test_as_a_program_it_says_how_it_is_called() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.faults.checker", "--help"], capture_output=True, text=True, check=True, cwd=FOLDER.parents[2]
    )
    assert "nothing" in told.stdout


def _allowed(name: str) -> bool:
    return name.split(".")[0] in sys.stdlib_module_names or name.startswith(ALLOWED)

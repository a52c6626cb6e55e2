"""The question template as LibreOffice saved it."""

from pathlib import Path

from examsite.questions.formats.xlsx import read_xlsx


def test_every_question_of_it_is_read(samples: Path) -> None:
    found = read_xlsx((samples / "libreoffice" / "cau-hoi.xlsx").read_bytes())
    assert found.rejected == ()
    assert [(item.name, item.topic, item.difficulty, len(item.options)) for item in found.items] == [
        ("HC-001", ("Hiến pháp",), "easy", 4),
        ("HC-002", ("Hiến pháp",), "medium", 4),
        ("HC-003", ("Cán bộ, công chức",), "hard", 4),
        ("HC-004", ("Cán bộ, công chức",), "easy", 3),
    ]
    keys = [[option.text for option in item.options if option.is_key] for item in found.items]
    assert keys == [["5"], ["Quốc hội"], ["1/8"], ["2 tháng 9"]]

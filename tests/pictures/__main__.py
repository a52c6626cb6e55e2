"""`python -m tests.pictures`: build the demonstration, take every picture of the README anew, write them to docs/pictures/."""

import argparse
import io
from pathlib import Path

from PIL import Image

from tests.pictures.scenes import SCENES
from tests.pictures.stage import demonstration

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
COLOURS = 64


def main() -> None:
    """Read the options and take the pictures; a picture that nobody names any more is removed."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with demonstration() as stage:
        for name, scene in SCENES.items():
            size = write(scene(stage).screenshot(), folder / f"{name}.png")
            print(f"{name}.png: {size // 1000} kB", flush=True)
    for stale in set(folder.glob("*.png")) - {folder / f"{name}.png" for name in SCENES}:
        stale.unlink()


def write(picture: bytes, path: Path) -> int:
    """Write a PNG with few colours, which is all that paper, ink and one red need; return its size in bytes."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    main()

"""The pictures of the README, taken of a server of its own: `make pictures`."""

from casesapi.postgres.state_dir import CHECKOUT
from tests.system.browser.chromium import chromium
from tests.system.processes import Server, state_folder

FOLDER = CHECKOUT / "docs" / "pictures"
WIDTH = 1280
# By the name of the file: the page, and how many pixels of it from the top.
PICTURES = {
    "case": ("/en/cases/KZ-0009/", 1180),
    "explorer": ("/en/cases/?formation=wagner", 1180),
    "figure": ("/en/statistics/STAT-0001/", 860),
}


def take(origin: str) -> None:
    with chromium() as browser:
        for name, (path, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": height})
            page.goto(origin + path, wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()


def main() -> None:
    with state_folder() as folder, Server(folder, WORKERS="1").started() as server:
        take(server.url)


if __name__ == "__main__":
    main()

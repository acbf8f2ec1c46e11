"""Charts of a real server, whose renderers must end with it; the fixture waits for that."""

import io
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from PIL import Image


def test_a_real_server_draws_while_it_answers(server):
    def picture(width):
        address = f"{server}/charts/outcomes.png?width={width}"
        with urllib.request.urlopen(address, timeout=60) as answer:
            return Image.open(io.BytesIO(answer.read())).size[0]

    widths = [400, 400, 500, 500, 600, 600]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(picture, widths)) == [2 * width for width in widths]

"""Charts of a real server, whose renderers must end with it; the fixture waits for that."""

import io
from concurrent.futures import ThreadPoolExecutor

from PIL import Image


def test_a_real_server_draws_while_it_answers(server):
    def picture(width):
        answer = server.ask(f"/charts/outcomes.png?width={width}")
        assert answer.status == 200, server.printed()
        return Image.open(io.BytesIO(answer.body)).size[0]

    widths = [400, 400, 500, 500, 600, 600]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(picture, widths)) == [2 * width for width in widths]

"""The process that draws: reads one job a line from its input, writes one answer a line.

It imports nothing of ours, so it is small, and can end at any time without harm.
A job is `{"spec": Vega-Lite}` or `{"svg": text, "scale": factor}`; an answer `{"svg": text}`,
`{"png": base64}` or `{"error": text}`, with the CPU `seconds` since the answer before.
"""

import base64
import io
import json
import signal
import sys
import time
from typing import Any

import vl_convert
from PIL import Image


def draw(job: dict[str, Any]) -> dict[str, str]:
    if "spec" in job:
        # No address is allowed, so nothing is ever fetched.
        return {"svg": vl_convert.vegalite_to_svg(job["spec"], allowed_base_urls=[])}
    png = vl_convert.svg_to_png(job["svg"], scale=job["scale"])
    return {"png": base64.b64encode(small(png)).decode()}


def small(png: bytes) -> bytes:
    """The picture with 256 colours, which is enough for it and a tenth of the size."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    packed = io.BytesIO()
    # The quick ways: the slow ones take longer than the drawing for a twentieth less.
    colours = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colours.save(packed, "png")
    return packed.getvalue()


def main() -> None:
    # Ctrl-C reaches the whole group. We end when our input does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worked = 0.0
    for line in sys.stdin:
        try:
            answer = draw(json.loads(line))
        except ValueError as error:
            answer = {"error": str(error)}
        before, worked = worked, time.process_time()
        sys.stdout.write(json.dumps(answer | {"seconds": worked - before}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

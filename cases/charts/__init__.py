"""Pictures of what the API answers: charts and cards, as SVG and PNG.

`asking` puts questions to the API, `drawings/` make Vega-Lite of its answers, `rendering` has them
drawn, `framing` puts title, notes and source around, `views` sends the picture.
"""

"""Makes src/app/fonts/boo-numerals.woff2: the digits of Orbitron at weight 500, all of one width, the zero without
its slash (the outline of the letter O, narrower: alone, a square would look like an empty box). Orbitron itself has neither as a feature. The Open Font License asks that a
changed font has another name.

    pip install fonttools brotli
    python scripts/numerals.py ../node_modules/@fontsource-variable/orbitron/files/orbitron-latin-wght-normal.woff2
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

NAME = "Boo Numerals"
DIGITS = "0123456789"
ADVANCE = 800
ZERO_NARROWER = 150
OUT = Path(__file__).parent.parent / "src/app/fonts/boo-numerals.woff2"

font = instantiateVariableFont(TTFont(sys.argv[1]), {"wght": 500})
glyf, hmtx = font["glyf"], font["hmtx"]
zero = glyf["zero"] = glyf["O"]
middle = (zero.xMin + zero.xMax) / 2
for i, (x, y) in enumerate(zero.coordinates):
    if x > middle:
        zero.coordinates[i] = (x - ZERO_NARROWER, y)
for digit in DIGITS:
    glyph_name = font.getBestCmap()[ord(digit)]
    glyph = glyf[glyph_name]
    glyph.recalcBounds(glyf)
    shift = round((ADVANCE - (glyph.xMax - glyph.xMin)) / 2) - glyph.xMin
    glyph.coordinates.translate((shift, 0))
    glyph.recalcBounds(glyf)
    hmtx[glyph_name] = (ADVANCE, glyph.xMin)

options = Options()
options.flavor = "woff2"
options.layout_features = []
options.hinting = False
options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
subsetter = Subsetter(options)
subsetter.populate(text=DIGITS)
subsetter.subset(font)
for record in font["name"].names:
    if record.nameID in (1, 4):
        record.string = NAME
    elif record.nameID == 6:
        record.string = NAME.replace(" ", "")
font.flavor = "woff2"
font.save(OUT)

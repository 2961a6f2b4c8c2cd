#!/usr/bin/env python3
"""Make the fonts that the printed papers use from the Debian packages named in README.md.

    pip install fonttools brotli
    apt-get download fonts-noto-cjk fonts-hanazono texlive-lang-chinese
    for f in *.deb; do dpkg -x "$f" unpacked; done
    python3 subset.py unpacked .

The four fonts share the load: a character the bold or the sans lacks is drawn
with the regular serif, and one the serif lacks with the rare-name font.
"""
import sys
from pathlib import Path

import brotli
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT, OUT = Path(sys.argv[1]), Path(sys.argv[2])
NOTO = ROOT / "usr/share/fonts/opentype/noto"
HANA = ROOT / "usr/share/fonts/truetype/hanazono/HanaMinB.ttf"
FANDOL = ROOT / "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolSong-Regular.otf"

# Latin with tone marks, IPA-free; punctuation, arrows, boxes, circled digits, CJK marks, full-width forms.
SIGNS = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x1CD, 0x1DC), (0x1F8, 0x1F9), (0x251, 0x251), (0x261, 0x261),
    (0x2BC, 0x2DD), (0x391, 0x3C9), (0x400, 0x45F), (0x1E00, 0x1EFF), (0x2000, 0x206F),
    (0x20A0, 0x20CF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF),
    (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x26FF), (0x2700, 0x27BF), (0x2E80, 0x2FDF),
    (0x3000, 0x303F), (0x3040, 0x30FF), (0x3100, 0x312F), (0x31A0, 0x31E3), (0x3200, 0x33FF),
    (0xFE10, 0xFE4F), (0xFF00, 0xFFEF),
]
HAN = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)]
RARE = [(0x20000, 0x2A6DF), (0x2A700, 0x2EBEF)]
# Names of new elements, which the serif of this version lacks and the sans has.
ELEMENTS = [(0x9FEB, 0x9FEF)]


def spread(ranges):
    return {c for low, high in ranges for c in range(low, high + 1)}


def from_collection(name, family):
    for font in TTCollection(NOTO / name, lazy=True).fonts:
        if font["name"].getDebugName(1).removesuffix(" Bold") == family:
            return font
    raise SystemExit(f"{family} is not in {name}")


def common_han():
    """GB 2312 and the Han of the Fandol set, which holds the basic-plane part of 通用规范汉字表."""
    gb2312 = set()
    for lead in range(0xB0, 0xF8):
        for trail in range(0xA1, 0xFF):
            try:
                gb2312.add(ord(bytes([lead, trail]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    fandol = set(TTFont(FANDOL, lazy=True).getBestCmap())
    return gb2312 | (fandol & spread(HAN))


def rename(font, family, style):
    """A changed font bears its own name, so it is never taken for the original."""
    names = font["name"]
    full = f"{family} {style}"
    for record in list(names.names):
        if record.nameID in (1, 2, 3, 4, 6, 16, 17, 25):
            names.removeNames(nameID=record.nameID)
    for name_id, text in {1: family, 2: style, 3: full, 4: full, 6: full.replace(" ", "")}.items():
        names.setName(text, name_id, 3, 1, 0x409)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [full.replace(" ", "")]
        cff.topDictIndex[0].FamilyName = family
        cff.topDictIndex[0].FullName = full


def make(font, unicodes, family, style, out):
    options = subset.Options()
    options.layout_features = ["kern", "palt", "halt", "chws", "tnum", "ccmp", "locl"]
    options.hinting = False
    options.desubroutinize = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "morx", "MERG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    rename(font, family, style)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    path = OUT / out
    font.save(path)
    print(f"{out}: {len(font.getBestCmap())} characters, {path.stat().st_size / 1e6:.1f} MB")
    return path


def main():
    serif = from_collection("NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC")
    held = set(serif.getBestCmap())
    usual = common_han() | spread(SIGNS)
    make(serif, held & (spread(HAN) | spread(SIGNS)), "Gongyu Serif", "Regular", "GongyuSerif-Regular.otf")
    bold = from_collection("NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC")
    make(bold, set(bold.getBestCmap()) & usual, "Gongyu Serif", "Bold", "GongyuSerif-Bold.otf")
    sans = from_collection("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC")
    make(sans, set(sans.getBestCmap()) & (usual | spread(ELEMENTS)), "Gongyu Sans", "Regular", "GongyuSans-Regular.otf")
    rare = TTFont(HANA)
    path = make(rare, set(rare.getBestCmap()) & spread(RARE) - held, "Gongyu Rare", "Regular", "GongyuRare-Regular.ttf")
    packed = path.with_suffix(".ttf.br")
    packed.write_bytes(brotli.compress(path.read_bytes(), quality=11, lgwin=24))
    path.unlink()
    print(f"{packed.name}: {packed.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

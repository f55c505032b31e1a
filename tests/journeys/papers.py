"""Twelve papers of a housing cooperative, as people have them lying about: of ten kinds, one of them broken."""

from io import BytesIO
from pathlib import Path

import pptx
from PIL import Image, ImageDraw, ImageFont

from tests.reading import files
from tests.reading.files import Sheet, Text, paragraph
from tests.reading.files_office import pptx_bytes, slide_with
from tests.reading.files_packed import xlsx

SAMPLES = Path(__file__).parents[2] / "documents" / "samples"
BROKEN = "boiler-contract.pdf"
READABLE = 11

MINUTES = """# Minutes of the general meeting, 14 March 2026

Present were 41 of 58 members. Ingrid Solberg chaired the meeting, Tom Adeyemi kept the minutes.

## The roof

The meeting agreed to renew the roof of Quay Street 8 to 12. The work costs €182,000 and begins on 1 September 2026.
Half of it is paid from the reserve, which then stands at €64,500.

## Contributions

The monthly contribution rises from €3.10 to €3.35 a square metre on 1 January 2027. 33 members voted for it, 5 against.

- Ingrid Solberg writes to all members by 31 March 2026.
- Tom Adeyemi asks three firms for offers for the bicycle shed by 15 May 2026.
"""
MAIL = b"""From: Ruth Okoye <ruth.okoye@quay-street.example>
To: Ingrid Solberg <ingrid.solberg@quay-street.example>
Subject: Lift in house 12
Date: Mon, 11 May 2026 09:12:00 +0200
Content-Type: text/plain; charset=utf-8

Dear Ingrid,

the lift in house 12 stood still for three days. The repair cost 2,340 euros, which the insurance pays.
The inspector comes on 3 June 2026 at 10 a.m.

Ruth
"""
HOUSE_RULES = """<!doctype html><html lang="en"><title>House rules</title><h1>House rules</h1>
<p>Please keep quiet between 10 p.m. and 6 a.m. The laundry room is open until 9 p.m.</p>
<h2>Bicycles</h2><p>Bicycles stand in the shed, not in the stairwell. A place in the shed costs €4 a month.</p>
<h2>Guests</h2><p>Whoever has guests for more than six weeks tells the office.</p></html>"""
COSTS = """Year,Item,Amount in euros
2024,Heating,48210
2024,Water,12750
2024,Caretaker,31400
2025,Heating,51890
2025,Water,13120
2025,Caretaker,32600
"""
SWEDISH = """Protokoll från styrelsemötet den 2 februari 2026

Styrelsen beslutade att byta ut brandvarnarna i alla trapphus. Arbetet kostar 18 400 kronor och utförs av Lindqvist El
AB. Nästa möte hålls den 9 mars 2026 klockan 18.
"""


def twelve(folder: Path) -> list[Path]:
    """Writes them there."""
    made = {
        "harbour-library-annual-report-2025.pdf": (SAMPLES / "harbour-library-annual-report-2025.pdf").read_bytes(),
        "tenancy-agreement.docx": (SAMPLES / "tenancy-agreement.docx").read_bytes(),
        "general-meeting-2026.md": MINUTES.encode(),
        "roof-offer.pdf": _offer(),
        "lift-in-house-12.eml": MAIL,
        "house-rules.html": HOUSE_RULES.encode(),
        "running-costs.csv": COSTS.encode(),
        "reserve.xlsx": xlsx(
            {"Reserve": {"A1": "Year", "B1": "Reserve", "A2": 2024, "B2": 121500, "A3": 2025, "B3": 155500}}
        ),
        "spring-meeting.pptx": _slides(),
        "notice-on-the-door.png": _photo(),
        "styrelsemote.txt": SWEDISH.encode(),
        BROKEN: b"%PDF-1.7\n" + b"x" * 400,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]


def _offer() -> bytes:
    first = (
        Text("Adler & Sons, Roofers", y=740, size=20, bold=True),
        Text("Offer no. 2026-118", y=712, size=13),
        *paragraph(
            "We offer to renew the roof of Quay Street 8 to 12 for €182,000, scaffolding included.",
            "The offer stands until 30 June 2026. The work takes eleven weeks.",
            "A tenth of the price is due at the beginning, the rest when the work is done.",
            y=670,
        ),
    )
    second = (
        Text("Materials", y=740, size=16, bold=True),
        *paragraph("Clay tiles, 2,150 square metres. Insulation of wood fibre, 22 centimetres.", y=700),
        *paragraph("We answer for the work for ten years.", y=660),
    )
    return files.pdf(Sheet(first), Sheet(second), title="Offer no. 2026-118")


def _slides() -> bytes:
    presentation = pptx.Presentation()
    slide_with(presentation, 0, "Spring meeting", "Quay Street housing cooperative, 14 March 2026")
    slide_with(presentation, 1, "What we did in 2025", "New boiler in house 10", "58 members, two more than in 2024")
    slide_with(presentation, 1, "What comes", "Roof from 1 September 2026", "Shed for 60 bicycles")
    return pptx_bytes(presentation)


def _photo() -> bytes:
    sheet = Image.new("L", (1240, 900), 250)
    pen = ImageDraw.Draw(sheet)
    pen.text((110, 100), "NOTICE", fill=10, font=ImageFont.load_default(72))
    for number, words in enumerate(
        ("The water is turned off on 12 May 2026", "from 9 a.m. to 3 p.m.", "Please store enough the evening before.")
    ):
        pen.text((110, 260 + 80 * number), words, fill=10, font=ImageFont.load_default(44))
    made = BytesIO()
    sheet.save(made, "PNG", dpi=(150, 150))
    return made.getvalue()

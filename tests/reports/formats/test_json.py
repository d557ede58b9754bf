import json
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import pytest

from core.messages import Attachment
from reports.formats.json import render
from reports.report import Annex, Field, Former, Report, ReviewItem, Section
from tests.reports.formats.hostile_texts import HOSTILE
from tests.reports.formats.sample import around, hostile, hostile_pages, hostile_summary, note, part, session

NOTE = """{
    "id": "R7",
    "text": "Fund “it”: 资金",
    "session": "II",
    "message_id": "135",
    "chat": "main",
    "platform": "console",
    "author": "سلمى الخيالية",
    "at": "2017-07-09T09:40:00-04:00",
    "attributes": {
     "to": "UNOSSC",
     "sdg": [
      "17"
     ],
     "attachments": [
      {
       "kind": "photo",
       "name": "chart.jpg"
      }
     ]
    },
    "authors": [
     "Amina",
     "Jorge"
    ],
    "edited": true
   }"""

WHOLE = f"""{{
 "meeting": {{
  "title": "Sample",
  "days": 2,
  "closed_at": null
 }},
 "template": "bapa40",
 "fields": {{
  "title": "Sample",
  "venue": null
 }},
 "parts": {{
  "B.items": [
   {NOTE}
  ],
  "C.trends": []
 }},
 "sessions": [
  {{
   "label": "II",
   "title": "Means",
   "theme": "Funds",
   "parts": {{
    "conclusions": []
   }}
  }}
 ],
 "annexes": {{
  "attendance": [],
  "participants": [],
  "documents": [
   {NOTE}
  ]
 }},
 "late": [
   {NOTE}
 ],
 "review": [
  {{
   "kind": "unknown_tag",
   "message_id": "9",
   "text": "#nonsense"
  }}
 ],
 "empty": [
  "C.trends"
 ]
}}
""".replace(f'"late": [\n   {NOTE}', '"late": [\n  ' + NOTE.replace("\n ", "\n"))


def report_with_all() -> Report:
    item = note(
        "Fund “it”: 资金",
        35,
        number="R7",
        session="II",
        attributes=MappingProxyType({"to": "UNOSSC", "sdg": ["17"]}),
        attachments=(Attachment("photo", "chart.jpg"),),
        authors=("Amina", "Jorge"),
        edited=True,
    )
    at = datetime.fromisoformat("2017-07-09T10:00:00-04:00")
    return around(
        Section("B", "B", "B", "", (part("B.items", None, [item]),)),
        Section("C", "C", "C", "", (part("C.trends", "Trends", []),)),
        Section("F", "F", "F", "", (), (session("II", "Means", "Funds", [part("conclusions", "C", [])]),)),
        meeting=MappingProxyType({"title": "Sample", "days": 2, "closed_at": None}),
        fields=(Field("title", "T", "Sample", True, ""), Field("venue", "V", None, True, "[to be completed]")),
        annexes=(Annex("documents", "Documents", (item,)),),
        late=(item,),
        review=(ReviewItem("unknown_tag", "9", "#nonsense", "Jorge", at, "Look at it."),),
    )


def test_json_has_exactly_the_structure_that_the_rules_fix():
    assert render(report_with_all()).decode() == WHOLE


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_json_keeps_a_hostile_text_as_typed(text):
    content = json.loads(render(hostile(text)))
    parts = content["parts"]
    assert {key: [entry["text"] for entry in notes] for key, notes in parts.items()} == {
        key: [text, "Plain neighbour."] for key in ("A.bullets", "A.numbered", "A.paragraphs", "A.cited", "A.actions")
    }
    assert content["review"] == [{"kind": "unknown_tag", "message_id": "7", "text": text}]
    assert content["fields"] == {"title": text, "venue": None}


def test_json_has_nothing_of_the_pages_that_the_rules_do_not_name():
    content = json.loads(render(hostile_pages("Zzpage")))
    assert list(content) == list(json.loads(WHOLE))
    assert list(content["annexes"].items()) == [("attendance", []), ("participants", []), ("documents", [])]
    bare = replace(hostile_pages("Zzpage"), annexes=(), provenance=(), overview=None)
    assert render(hostile_pages("Zzpage")) == render(replace(bare, history=None, changes=None))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_json_lists_for_review_what_the_desk_took_out_or_put_other_words_for(text):
    former = (Former("merged", "a", "8", text, "R1"), Former("reworded", "b", "9", text))
    report = replace(hostile_pages(text), review=(), former=former)
    taken_out = [{"kind": "dropped", "message_id": item.message_id, "text": item.text} for item in report.dropped]
    assert json.loads(render(report))["review"] == [
        *taken_out,
        {"kind": "merged", "message_id": "8", "text": text},
        {"kind": "reworded", "message_id": "9", "text": text},
    ]
    assert json.loads(render(report.for_submission()))["review"] == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_json_keeps_a_hostile_text_of_the_summary_as_typed(text):
    summary = json.loads(render(hostile_summary(text)))["summary"]
    told = [(part["heading"], [entry["text"] for entry in part["notes"]]) for part in summary["parts"]]
    assert (summary["counts"], summary["sessions"]) == ([text, "Notes: 1"], [text, "Session II"])
    assert told == [(text, [text])]

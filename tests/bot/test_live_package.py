"""A package over the wire: what was posted in a group comes back in one zip file, with checksums that are right."""

import re
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook

from tests.bot.live import LiveBot
from tests.reports.test_pictures import PHOTO
from tests.telegram_server import TelegramServer
from tests.telegram_server.messages import Message

_CHECKED = re.compile(r"([0-9a-f]{64})  +(\d+)  (.+)").fullmatch


def list_of(*names: str) -> bytes:
    book, content = Workbook(), BytesIO()
    for row in [("Name", "Organisation"), *((name, "UN") for name in names)]:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def unpack(message: Message) -> dict[str, bytes]:
    """The files of a package by name, each as its manifest says."""
    assert message.document
    with ZipFile(BytesIO(message.document.content)) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    checked = [match for line in held["MANIFEST.txt"].decode().split("\n") if (match := _CHECKED(line))]
    assert {match[3]: (match[1], int(match[2])) for match in checked} == {
        name: (sha256(content).hexdigest(), len(content)) for name, content in held.items() if name != "MANIFEST.txt"
    }
    return held


def packages_of(messages: list[Message]) -> Mapping[str, tuple[str, Message]]:
    """The zip files that the bot sent by name, each with what it said."""
    sent = [message for message in messages if message.document]
    return {str(message.document and message.document.name): (message.text or "", message) for message in sent}


def test_package_over_the_wire_holds_what_was_posted(tmp_path):
    note, people = b"%PDF-1.7 what it is about", list_of("Ana Souza", "=1+1")
    with TelegramServer(privacy=False) as server:
        group = server.add_group("Consultation")
        ana, ben = server.person("Ana"), server.person("Ben")
        group.add_bot(by=ana)
        with LiveBot(server, f"sqlite:///{tmp_path / 'bot.db'}", organizers=[f"telegram:{ana.id}"]) as bot:
            group.say(ana, "/open Consultation\ntemplate: bapa40")
            group.say(ben, "#challenge What the chart shows", photo=PHOTO)
            group.say(ben, "#recommendation Fund it")
            bot.settle()
            group.say(ben, "/package")
            group.say(ana, "/package docx")
            bot.settle(60)
            group.say(ana, "#document", document=("../../Concept note\u202efdp.exe", note))
            group.say(ana, "#participants", document=("participants.xlsx", people))
            group.say(ben, "#need Staff #offrecord", photo=PHOTO[:-2] + b"hidden\xff\xd9")
            # a file without a caption, and what it is in replies to it
            papers = [group.say(ben, "", document=(name, name.encode())) for name in ("a.pdf", "b.pdf")]
            group.say(ana, "#document", reply_to=papers[0])
            group.say(ana, "#document The agenda", reply_to=papers[1])
            # one of the two cannot be had now, and is asked for again
            server.fail("getFile")
            group.say(ana, "/package md")
            bot.settle(60)
            group.say(ana, "/package md")
            bot.settle(60)
            said = [message.text for message in group.from_bot if message.text and not message.document]
            sent = packages_of(group.from_bot)
    assert [text.partition(":")[0] for text in said if "/package" in text] == [
        "/package is for the organizers of the meeting"
    ]
    assert list(sent) == [f"consultation-package-draft-{n}.zip" for n in (1, 2, 3)]
    (first, one), (second, two), (third, three) = sent.values()
    demanded = (
        "The template asks for the concept note: post it with #document.",
        "The template asks for the list of participants: post it with #participants, as .xlsx, .csv or lines of text.",
    )
    assert first.split("\n")[:3] == ["Draft 1 · Consultation", *demanded]
    held = unpack(one)
    assert list(held) == [
        *("MANIFEST.txt", "consultation.docx", "consultation-summary.docx"),
        *("for-the-secretariat/provenance.csv", "for-the-secretariat/transcript.jsonl"),
        *("photographs/captions.csv", "photographs/photo-3.jpg"),
    ]
    assert held["photographs/photo-3.jpg"] == PHOTO
    captions = held["photographs/captions.csv"].decode("utf-8-sig").splitlines()
    assert captions == ["File,Caption", "photo-3.jpg,What the chart shows"]
    [lacking] = [line for line in demanded if line in second]
    assert "Files not in the package, since they could not be fetched from the chat: 1." in second, lacking
    assert not [line for line in demanded if line in third]
    held = unpack(three)
    assert {name: content for name, content in held.items() if name.startswith(("documents/", "participants/"))} == {
        "documents/_.._Concept note fdp.exe": note,
        "documents/a.pdf": b"a.pdf",
        "documents/b.pdf": b"b.pdf",
        "participants/participants.csv": b"\xef\xbb\xbfName,Organisation\r\nAna Souza,UN\r\n,UN\r\n",
        "participants/participants.xlsx": people,
    }
    assert set(unpack(two)) < set(held)
    assert not any(b"hidden" in content for content in held.values())
    assert "A list of participants was not read in full. participants.xlsx: no name in row 3" in third
    assert "The folder for-the-secretariat/ names people: take it out before you pass the package on." in third

"""Template folders: what is shipped, what a user may write, and every complaint word for word."""

import re
from pathlib import Path
from string import Formatter

import pytest

from core.errors import SettingError, TemplateError, UserError
from core.notes import Problem
from core.tags import section_tags
from reports.template import CountSpec, FieldSpec, Output, PartSpec, SectionSpec, Template, say
from reports.template_reader import check_template, load_templates, read_template
from reports.words import load_words

SHIPPED = ("addressee", "bapa40", "fssd", "hlpf", "igf", "whs")
LANGUAGES = {"en", "fr", "es", "pt", "ru", "ar", "zh"}

MINIMAL = """
title = "Workshop report"

[[fields]]
key = "date"
label = "Date:"

[[sections]]
id = "lessons"
heading = "Lessons"
parts = [{ name = "items" }]

[routing.always]
lessons.items = ["challenge", "bestpractice"]
"""

WITH_SESSIONS = """
title = "Workshop report"

[[sections]]
id = "A"
heading = "Summary"
parts = [{ name = "main", heading = "Main points" }, { name = "rest", heading = "All else" }]

[[sections]]
id = "S"
heading = "Sessions"
repeat = true
parts = [{ name = "topics", heading = "Topics" }, { name = "actions", heading = "Actions" }]

[routing.always]
A.main = ["recommendation"]

[routing.in_session]
S.topics = ["topic"]

[routing.no_session]
A.rest = ["topic"]
"""


def write_template(root: Path, text: str, **words: str) -> Path:
    folder = root / "mine"
    folder.mkdir(parents=True)
    (folder / "template.toml").write_text(text, "utf-8")
    for language, wording in words.items():
        (folder / f"words.{language}.toml").write_text(wording, "utf-8")
    return folder


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# --- what is shipped


def test_shipped_templates_have_no_problems() -> None:
    catalog = load_templates()

    assert {name: check_template(catalog.folders[name]) for name in catalog.ids()} == {name: [] for name in SHIPPED}


def test_bapa40_speaks_the_seeds_english() -> None:
    template = load_templates().load("bapa40")

    assert say(template.title, "en") == (
        "Regional/Thematic Consultations: High-level United Nations Conference on South-South Cooperation "
        "– Towards a Consensus Agenda"
    )
    assert say(template.subtitle, "en") == "Reporting Template"
    assert say(template.preamble, "en").split("\n\n") == [
        "A template is provided below for reporting information on the key takeaways, recommendations and "
        "brief "
        "summaries of the critical discussions at preparatory meetings and workshops. Please submit the "
        "concept "
        "note as well as the list of participants along with the report on the discussions.",
        "Your concise and accurate accounts will enable UNOSSC to better facilitate the processes leading "
        "up to the "
        "BAPA+40 Conference and, most importantly, help to ensure that a variety of perspectives will "
        "inform the "
        "pre-Conference deliberations.",
    ]
    assert [(field.key, say(field.label, "en"), field.type) for field in template.fields] == [
        ("title", "Title of consultation:", "text"),
        ("date", "Date of consultation:", "date"),
        ("venue", "Venue, city, country:", "text"),
        ("organized_by", "Organized by:", "text"),
        ("prepared_by", "Brief/report prepared by: (name, email, telephone no.)", "contact"),
    ]
    assert [f"{section.label}. {say(section.heading, 'en')}" for section in template.sections] == [
        "A. Brief summary of the objectives of the consultation and the major conclusions reached",
        "B. Final recommendations (the actions to be taken)",
        "C. Trends, challenges and opportunities identified with respect to South-South cooperation and "
        "triangular "
        "cooperation",
        "D. Priority areas of South-South cooperation and triangular cooperation identified",
        "E. What needs/interests were identified in regards to the operationalization and "
        "institutionalization of "
        "South-South cooperation and triangular cooperation? If applicable, please provide a brief "
        "description of "
        "areas/topics of engagement, the institutional arrangements, resource mobilization strategies, "
        "strategic "
        "framework/plans, etc.",
        "F. Session summaries *",
        "G. Additional information",
    ]
    assert [say(section.help, "en") for section in template.sections] == [
        "",
        "",
        "",
        "",
        "",
        "• Session I: (theme, title)\n"
        "• Main topics discussed\n"
        "• Conclusions reached and action points proposed/agreed\n"
        "• Any additional information",
        "",
    ]
    assert say(template.footnote, "en") == (
        "*Note: Please provide a separate session summary for each session using the prompts suggested above."
    )
    assert [(theme.code, say(theme.label, "en")) for theme in template.themes] == [
        (
            "a",
            "Overarching theme of the Conference: “The role of South-South cooperation and the "
            "implementation of the "
            "2030 Agenda for Sustainable Development: Challenges and opportunities”",
        ),
        ("b.i", "Comparative advantages of and opportunities for South-South cooperation"),
        (
            "b.ii",
            "Challenges and the strengthening of the institutional framework of South-South cooperation and "
            "triangular cooperation",
        ),
        ("b.iii", "Sharing of experiences, best practices and success stories"),
        (
            "b.iv",
            "Scaling up the means of implementation of the 2030 Agenda in support of South-South "
            "cooperation and "
            "triangular cooperation",
        ),
    ]


def test_bapa40_has_its_parts_and_annexes() -> None:
    template = load_templates().load("bapa40")

    assert [
        (part.key, say(part.heading, "en"), part.style, part.prefix)
        for section in template.sections
        for part in section.parts
    ] == [
        ("A.objectives", "Objectives of the consultation", "bullets", ""),
        ("A.conclusions", "Major conclusions reached", "bullets", ""),
        ("B.items", "", "table", "R"),
        ("C.trends", "Trends", "bullets", ""),
        ("C.challenges", "Challenges", "bullets", ""),
        ("C.opportunities", "Opportunities", "bullets", ""),
        ("D.items", "", "bullets", ""),
        ("E.needs", "Needs/interests", "bullets", ""),
        ("E.institutional_arrangements", "Institutional arrangements", "bullets", ""),
        ("E.resource_mobilization", "Resource mobilization strategies", "bullets", ""),
        ("E.strategic_framework", "Strategic framework/plans", "bullets", ""),
        ("F.main_topics", "Main topics discussed", "bullets", ""),
        ("F.conclusions", "Conclusions reached", "bullets", ""),
        ("F.action_points", "Action points proposed/agreed", "actions", ""),
        ("F.additional", "Any additional information", "bullets", ""),
        ("G.items", "", "bullets", ""),
    ]
    assert [section.id for section in template.sections if section.repeat] == ["F"]
    assert {key: say(heading, "en") for key, heading in template.annexes.items()} == {
        "attendance": "Attendance",
        "participants": "List of participants",
        "documents": "Concept note and other documents",
        "photographs": "Photographs",
        "glossary": "Abbreviations",
        "notes": "All notes in the order of time",
    }
    assert {key: say(called, "en") for key, called in template.package.items()} == {
        "concept_note": "Concept note",
        "participants": "List of participants",
    }


def test_bapa40_routes_as_the_reference_says() -> None:
    assert load_templates().load("bapa40").routing == {
        "objective": ("A.objectives", "A.objectives"),
        "keyconclusion": ("A.conclusions", "A.conclusions"),
        "recommendation": ("B.items", "B.items"),
        "trend": ("C.trends", "C.trends"),
        "challenge": ("C.challenges", "C.challenges"),
        "opportunity": ("C.opportunities", "C.opportunities"),
        "priority": ("D.items", "D.items"),
        "need": ("E.needs", "E.needs"),
        "institutional": ("E.institutional_arrangements", "E.institutional_arrangements"),
        "resources": ("E.resource_mobilization", "E.resource_mobilization"),
        "framework": ("E.strategic_framework", "E.strategic_framework"),
        "topic": ("F.main_topics", "G.items"),
        "conclusion": ("F.conclusions", "A.conclusions"),
        "action": ("F.action_points", "B.items"),
        "commitment": ("F.action_points", "B.items"),
        "divergence": ("F.conclusions", "G.items"),
        "bestpractice": ("F.additional", "G.items"),
        "question": ("F.additional", "G.items"),
        "quote": ("F.additional", "G.items"),
        "additional": ("F.additional", "G.items"),
    }


def test_hlpf_is_introduction_outputs_and_one_list_of_points() -> None:
    template = load_templates().load("hlpf")

    assert [
        (section.label, say(section.heading, "en"), section.repeat, [(p.key, p.style) for p in section.parts])
        for section in template.sections
    ] == [
        ("", "Introduction", False, [("introduction.items", "paragraphs")]),
        ("", "Proposed outputs", False, [("outputs.items", "numbered")]),
        ("", "Points deliberated", False, [("points.items", "numbered")]),
    ]
    elsewhere = {
        "objective": "introduction.items",
        "additional": "introduction.items",
        "keyconclusion": "outputs.items",
    }
    assert template.routing == {tag: (elsewhere.get(tag, "points.items"),) * 2 for tag in section_tags()}


def test_igf_holds_issues_to_a_sentence_and_discussions_to_three_paragraphs() -> None:
    template = load_templates().load("igf")

    assert [(part.key, part.style, part.limits, part.each) for s in template.sections for part in s.parts] == [
        ("issues.items", "bullets", {}, {"sentences": 1}),
        ("presentations.items", "paragraphs", {}, {"paragraphs": 1}),
        ("discussions.items", "paragraphs", {"paragraphs": 3}, {}),
        ("way_forward.items", "paragraphs", {"paragraphs": 3}, {}),
    ]


def test_fssd_counts_participants_and_has_an_outcome_for_each_topic() -> None:
    template = load_templates().load("fssd")

    assert [(count.key, len(count.categories)) for count in template.counts] == [
        ("age", 6),
        ("gender", 3),
        ("sector", 8),
    ]
    assert [*template.counts[0].categories] == ["0-18", "19-30", "31-50", "51-65", "66-80", "80+"]
    [topics] = [section for section in template.sections if section.repeat]
    assert [(part.name, say(part.heading, "en")) for part in topics.parts] == [
        ("conclusions", "Outcome"),
        ("divergence", "Areas of divergence"),
    ]


def test_addressee_groups_recommendations_and_whs_has_a_short_summary() -> None:
    addressee, whs = (load_templates().load(name) for name in ("addressee", "whs"))

    assert [(part.key, part.group_by) for s in addressee.sections for part in s.parts if part.prefix == "R"] == [
        ("recommendations.items", "addressee")
    ]
    assert [(o.name, say(o.title, "en"), o.sections) for o in (*addressee.outputs, *whs.outputs)] == [
        ("recommendations", "Recommendations by addressee", ("recommendations",)),
        ("co-chairs", "Co-chairs’ summary", ("overview", "findings", "recommendations")),
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_templates_have_a_part_for_every_tag(name: str) -> None:
    assert set(load_templates().load(name).routing) == set(section_tags())


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_wording_is_in_all_languages(name: str) -> None:
    template = load_templates().load(name)
    wordings = [
        template.title,
        template.subtitle,
        template.preamble,
        template.footnote,
        *(field.label for field in template.fields),
        *(words for section in template.sections for words in (section.heading, section.help)),
        *(w for s in template.sections for part in s.parts for w in (part.heading, part.help, part.empty)),
        *template.annexes.values(),
        *(theme.label for theme in template.themes),
        *(count.heading for count in template.counts),
        *(words for count in template.counts for words in count.categories.values()),
        *(output.title for output in template.outputs),
        *template.package.values(),
        *template.words.values(),
    ]

    # figures are the same in all of them
    worded = [words for words in wordings if any(map(str.isalpha, words.get("en", "")))]
    assert [words for words in worded if set(words) != LANGUAGES] == []


# --- fixed phrases


def test_phrases_are_in_all_languages_with_the_same_placeholders() -> None:
    phrases = load_words()

    assert {key: set(words) for key, words in phrases.items()} == dict.fromkeys(phrases, LANGUAGES)
    assert [
        (key, language)
        for key, words in phrases.items()
        for language, text in words.items()
        if not text or placeholders(text) != placeholders(words["en"])
    ] == []


def test_phrases_have_an_advice_for_each_problem() -> None:
    advices = {key for key in load_words() if key.startswith("advice.")}

    assert advices == {f"advice.{problem}" for problem in Problem} | {"advice.late"}


def test_phrases_of_a_template_replace_the_shared_ones(tmp_path: Path) -> None:
    folder = write_template(
        tmp_path,
        MINIMAL + '[phrases]\nno_notes = "Nothing was said"\n',
        fr='[phrases]\nno_notes = "Rien n’a été dit"\n',
    )

    assert read_template(folder).words == {
        **load_words(),
        "no_notes": {**load_words()["no_notes"], "en": "Nothing was said", "fr": "Rien n’a été dit"},
    }


# --- a user's template


def test_template_of_a_few_lines_is_read(tmp_path: Path) -> None:
    assert read_template(write_template(tmp_path, MINIMAL)) == Template(
        id="mine",
        title={"en": "Workshop report"},
        subtitle={},
        preamble={},
        fields=(FieldSpec("date", {"en": "Date:"}),),
        sections=(
            SectionSpec(
                id="lessons",
                label="",
                heading={"en": "Lessons"},
                help={},
                parts=(PartSpec(key="lessons.items", name="items", heading={}, help={}),),
            ),
        ),
        routing={
            "challenge": ("lessons.items", "lessons.items"),
            "bestpractice": ("lessons.items", "lessons.items"),
        },
        annexes={
            key: load_words()[f"annex.{key}"]
            for key in ("attendance", "participants", "documents", "photographs", "glossary", "notes")
        },
        themes=(),
        footnote={},
        words=load_words(),
    )


def test_template_can_say_all_that_the_format_has(tmp_path: Path) -> None:
    text = """
        title = "T"
        footnote = "Note"
        number_paragraphs = true
        [[fields]]
        key = "method"
        label = "Method:"
        type = "longtext"
        required = false
        [[sections]]
        id = "A"
        label = "I"
        heading = "Issues"
        help = "One sentence an issue"
        [[sections.parts]]
        name = "items"
        heading = "Key issues"
        help = "Short"
        style = "numbered"
        prefix = "K"
        group_by = "addressee"
        limits = { characters = 500, words = 80, sentences = 5, paragraphs = 3, items = 10 }
        each = { sentences = 1, paragraphs = 1 }
        empty = "No issue"
        [routing]
        always = { "A.items" = ["challenge"] }
        [annexes]
        documents = "Papers"
        [themes]
        a = "First"
        "b.ii" = "Second"
        [[counts]]
        key = "age"
        heading = "Age"
        categories = { "0-18" = "Young", "80+" = "80+" }
        [[outputs]]
        name = "short-one"
        title = "Short"
        sections = ["A"]
        [package]
        participants = "List"
    """
    french = """
        title = "T (fr)"
        fields.method = "Méthode"
        headings.A = "Questions"
        help.A = "Une phrase par question"
        annexes.documents = "Documents"
        themes."b.ii" = "Deuxième"
        [help]
        "A.items" = "Bref"
        [empty]
        A.items = "Aucune question"
        [counts]
        age = "Âge"
        [categories]
        age."0-18" = "Jeunes"
        [outputs]
        short-one = "Bref"
        [package]
        participants = "Liste"
    """.replace('help.A = "Une phrase par question"', "").replace("[help]", '[help]\nA = "Une phrase par question"')
    template = read_template(write_template(tmp_path, text, fr=french))

    assert (template.title, template.fields, template.sections, template.annexes) == (
        {"en": "T", "fr": "T (fr)"},
        (FieldSpec("method", {"en": "Method:", "fr": "Méthode"}, "longtext", required=False),),
        (
            SectionSpec(
                id="A",
                label="I",
                heading={"en": "Issues", "fr": "Questions"},
                help={"en": "One sentence an issue", "fr": "Une phrase par question"},
                parts=(
                    PartSpec(
                        key="A.items",
                        name="items",
                        heading={"en": "Key issues"},
                        help={"en": "Short", "fr": "Bref"},
                        style="numbered",
                        prefix="K",
                        group_by="addressee",
                        limits={"characters": 500, "words": 80, "sentences": 5, "paragraphs": 3, "items": 10},
                        each={"sentences": 1, "paragraphs": 1},
                        empty={"en": "No issue", "fr": "Aucune question"},
                    ),
                ),
            ),
        ),
        {"documents": {"en": "Papers", "fr": "Documents"}},
    )
    assert [(theme.code, theme.label) for theme in template.themes] == [
        ("a", {"en": "First"}),
        ("b.ii", {"en": "Second", "fr": "Deuxième"}),
    ]
    assert template.footnote == {"en": "Note"}
    assert (template.number_paragraphs, template.counts, template.outputs, template.package) == (
        True,
        (
            CountSpec(
                "age", {"en": "Age", "fr": "Âge"}, {"0-18": {"en": "Young", "fr": "Jeunes"}, "80+": {"en": "80+"}}
            ),
        ),
        (Output("short-one", {"en": "Short", "fr": "Bref"}, ("A",)),),
        {"participants": {"en": "List", "fr": "Liste"}},
    )


def test_template_routes_by_session(tmp_path: Path) -> None:
    assert read_template(write_template(tmp_path, WITH_SESSIONS)).routing == {
        "recommendation": ("A.main", "A.main"),
        "topic": ("S.topics", "A.rest"),
    }


def test_template_saved_by_an_editor_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    folder = write_template(tmp_path, "\ufeff" + MINIMAL.replace("\n", "\r\n"))

    assert check_template(folder) == []


def test_catalog_adds_a_users_folder_and_lets_it_replace_a_shipped_one(tmp_path: Path) -> None:
    write_template(tmp_path, MINIMAL)
    write_template(tmp_path / "other", MINIMAL.replace("Workshop", "Our own")).rename(tmp_path / "hlpf")
    (tmp_path / "other").rmdir()
    (tmp_path / ".git").mkdir()
    catalog = load_templates(tmp_path)

    assert catalog.ids() == tuple(sorted([*SHIPPED, "mine"]))
    assert [catalog.load(name).title["en"] for name in ("hlpf", " Mine ")] == [
        "Our own report",
        "Workshop report",
    ]


def test_catalog_reads_a_template_only_when_asked(tmp_path: Path) -> None:
    folder = write_template(tmp_path, "this is no template")
    catalog = load_templates(tmp_path)

    assert catalog.ids() == tuple(sorted([*SHIPPED, "mine"]))
    with pytest.raises(TemplateError):
        catalog.load("mine")
    (folder / "template.toml").write_text(MINIMAL, "utf-8")
    assert catalog.load("mine") is catalog.load("mine")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (
            "bapa",
            'There is no template "bapa"; did you mean bapa40? Templates are addressee, bapa40, fssd, hlpf, igf, whs.',
        ),
        ("minutes", 'There is no template "minutes"; templates are addressee, bapa40, fssd, hlpf, igf, whs.'),
    ],
)
def test_catalog_names_the_templates_for_an_unknown_id(asked: str, answer: str) -> None:
    with pytest.raises(UserError) as caught:
        load_templates().load(asked)

    assert str(caught.value) == answer.format(known=", ".join(SHIPPED))


def test_catalog_refuses_a_folder_that_holds_no_templates(tmp_path: Path) -> None:
    folder = write_template(tmp_path, MINIMAL)
    answers = []
    for wrong in (tmp_path / "missing", folder):
        with pytest.raises(SettingError) as caught:
            load_templates(wrong)
        answers.append(str(caught.value))

    assert answers == [
        "TEMPLATES_DIR: there is no such folder; name one that holds templates.",
        "TEMPLATES_DIR: this is a template itself; name the folder that holds it.",
    ]


# --- what can be wrong

PART = 'parts = [{ name = "items" }]'
FIELD = 'label = "Date:"'
ROWS = 'categories = { women = "Women" }'
ROUTE = 'lessons.items = ["challenge", "bestpractice"]'
STYLES = "bullets, numbered, paragraphs, actions, table"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        # a key too many, too few, of the wrong type
        (FIELD, f'{FIELD}\nlabell = "x"', "fields.date.labell: there is no such key; did you mean label?"),
        (
            FIELD,
            f"{FIELD}\nsize = 3",
            "fields.date.size: there is no such key; keys here are key, label, type, required",
        ),
        ('title = "Workshop report"', "", "title: is missing; every template needs a title"),
        ('title = "Workshop report"', 'title = " "', "title: is empty; every template needs a title"),
        ('key = "date"', "", "fields.1.key: is missing; a field needs a key"),
        (FIELD, "", "fields.date.label: is missing; a field needs a label"),
        (FIELD, "label = 3", "fields.date.label: must be text, not a whole number"),
        (FIELD, f'{FIELD}\nrequired = "yes"', "fields.date.required: must be true or false, not text"),
        ('heading = "Lessons"', "", "sections.lessons.heading: is missing; a section needs a heading"),
        (
            'heading = "Lessons"',
            'heading = ""',
            "sections.lessons.heading: is empty; a section needs a heading",
        ),
        (
            PART,
            'parts = [{ name = "items", heading = "One" }, { name = "more" }]',
            "sections.lessons.parts.more.heading: is missing; "
            "a part needs a heading where its section has several parts",
        ),
        (
            PART,
            'parts = "items"',
            "sections.lessons.parts: must be a list, not text\n"
            'routing.always.lessons.items: there is no part "lessons.items"; there are no parts',
        ),
        (
            PART,
            f'{PART}\n[[sections]]\nid = "x"\nheading = "X"\nparts = []',
            ('sections.x.parts: is empty; add at least one, such as parts = [{ name = "items" }]'),
        ),
        (
            PART,
            f'{PART}\n[[sections]]\nid = "x"\nheading = "X"\nparts = [3]',
            ("sections.x.parts.1: must be a table, not a whole number"),
        ),
        # words that are not among the choices
        (FIELD, f'{FIELD}\ntype = "dat"', 'fields.date.type: there is no type "dat"; did you mean date?'),
        (
            PART,
            'parts = [{ name = "items", style = "poem" }]',
            f'sections.lessons.parts.items.style: there is no style "poem"; choices are {STYLES}',
        ),
        (
            PART,
            'parts = [{ name = "items", group_by = "sesion" }]',
            'sections.lessons.parts.items.group_by: there is no group_by "sesion"; did you mean session?',
        ),
        (
            PART,
            'parts = [{ name = "items", limits = { word = 3 } }]',
            "sections.lessons.parts.items.limits.word: there is no such key; did you mean words?",
        ),
        (
            PART,
            'parts = [{ name = "items", limits = { items = 0 } }]',
            "sections.lessons.parts.items.limits.items: must be 1 or more, not 0",
        ),
        (
            PART,
            'parts = [{ name = "items", limits = { items = true } }]',
            "sections.lessons.parts.items.limits.items: must be a whole number, not true or false",
        ),
        # names
        (
            'key = "date"',
            'key = "Date!"',
            'fields.Date!.key: "Date!" will not do; use small letters, digits and _',
        ),
        (
            'key = "date"',
            'key = "zone"',
            'fields.zone.key: "zone" is a setting of the meeting; take another key',
        ),
        (
            FIELD,
            f'{FIELD}\n[[fields]]\nkey = "date"\nlabel = "x"',
            'fields.date.key: there are two fields "date"; give each its own key',
        ),
        (
            PART,
            'parts = [{ name = "items", heading = "One" }, { name = "items", heading = "Two" }]',
            'sections.lessons.parts.items.name: there are two parts "lessons.items"; give each its own name',
        ),
        (
            PART,
            f'{PART}\n[[sections]]\nid = "lessons"\nheading = "More"\n{PART}',
            'sections.lessons.id: there are two sections "lessons"; give each its own id',
        ),
        (
            PART,
            'parts = [{ name = "items", prefix = "R1" }]',
            'sections.lessons.parts.items.prefix: "R1" will not do; use letters',
        ),
        (
            PART,
            'parts = [{ name = "items", heading = "One", prefix = "R" }, '
            '{ name = "more", heading = "Two", prefix = "R" }]',
            'sections.lessons.parts.more.prefix: "R" numbers another part; take another',
        ),
        # routing
        (
            "[routing.always]",
            "[routing.allways]",
            "routing.allways: there is no such key; did you mean always?",
        ),
        (
            ROUTE,
            'lessons.items = "challenge"',
            ('routing.always.lessons.items: must be a list of text such as ["challenge"], not text'),
        ),
        (
            ROUTE,
            "lessons.items = [3]",
            (
                'routing.always.lessons.items: must be a list of text such as ["challenge"], '
                "not a list with something else in it"
            ),
        ),
        (
            ROUTE,
            'lesson.items = ["challenge"]',
            'routing.always.lesson.items: there is no part "lesson.items"; did you mean lessons.items?',
        ),
        (
            ROUTE,
            'nowhere = ["challenge"]',
            'routing.always.nowhere: there is no part "nowhere"; parts are lessons.items',
        ),
        (
            ROUTE,
            'lessons.items = ["chalenge"]',
            'routing.always.lessons.items: there is no tag "chalenge"; did you mean challenge?',
        ),
        (
            ROUTE,
            'lessons.items = ["challenge", "challenge"]',
            'routing.always.lessons.items: "challenge" is routed twice, to lessons.items; keep one',
        ),
        (
            ROUTE,
            f'{ROUTE}\n"lessons.items" = ["trend"]',
            "routing.always.lessons.items: stands here twice, with and without quotes; keep one",
        ),
        (
            PART,
            'parts = [{ name = "items", limits = { sentence = 3 } }]',
            "sections.lessons.parts.items.limits.sentence: there is no such key; did you mean sentences?",
        ),
        (
            PART,
            'parts = [{ name = "items", each = { items = 1 } }]',
            "sections.lessons.parts.items.each.items: there is no such key; "
            "keys here are characters, words, sentences, paragraphs",
        ),
        (
            PART,
            'parts = [{ name = "items", each = { sentences = 0 } }]',
            "sections.lessons.parts.items.each.sentences: must be 1 or more, not 0",
        ),
        (
            'title = "Workshop report"',
            'title = "Workshop report"\nnumber_paragraphs = "yes"',
            "number_paragraphs: must be true or false, not text",
        ),
        (
            'title = "Workshop report"',
            'title = "Workshop report"\nnumber_paragraph = true',
            "number_paragraph: there is no such key; did you mean number_paragraphs?",
        ),
        # counts, outputs, package
        (
            ROUTE,
            f'{ROUTE}\n[[counts]]\nheading = "x"\n{ROWS}',
            "counts.1.key: is missing; a table of counts needs a key",
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[counts]]\nkey = "Age"\nheading = "x"\n{ROWS}',
            'counts.Age.key: "Age" will not do; use small letters, digits and _',
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[counts]]\nkey = "age"\n{ROWS}',
            "counts.age.heading: is missing; a table of counts needs a heading",
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[counts]]\nkey = "age"\nheading = "Age"',
            'counts.age.categories: is missing; name its rows, such as categories = { women = "Women", men = "Men" }',
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[counts]]\nkey = "age"\nheading = "Age"\ncategories = {{ "0 to 18" = "x", old = "" }}',
            'counts.age.categories.0 to 18: "0 to 18" will not do; use small letters, digits, _, - and +\n'
            "counts.age.categories.old: is empty; write what the row counts",
        ),
        (
            ROUTE,
            ROUTE + 2 * f'\n[[counts]]\nkey = "age"\nheading = "Age"\n{ROWS}',
            'counts.age.key: there are two tables of counts "age"; give each its own key',
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[outputs]]\nname = "summary"\ntitle = "x"\nsections = ["lessons"]',
            'outputs.summary.name: "summary" means something else to /draft; take another name',
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[outputs]]\nname = "html"\ntitle = "x"\nsections = ["lessons"]',
            'outputs.html.name: "html" means something else to /draft; take another name',
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[outputs]]\nname = "co/chairs"\ntitle = "x"\nsections = ["lessons"]',
            'outputs.co/chairs.name: "co/chairs" will not do; use small letters, digits and -',
        ),
        (
            ROUTE,
            ROUTE + 2 * '\n[[outputs]]\nname = "short"\ntitle = "x"\nsections = ["lessons"]',
            'outputs.short.name: there are two outputs "short"; give each its own name',
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[outputs]]\nname = "short"\nsections = ["lesson"]',
            "outputs.short.title: is missing; an output needs a title\n"
            'outputs.short.sections: there is no section "lesson"; did you mean lessons?',
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[outputs]]\nname = "short"\ntitle = "x"',
            "outputs.short.sections: is missing; name the sections that it is made of",
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[outputs]]\nname = "short"\ntitle = "x"\nsections = []',
            "outputs.short.sections: is empty; name the sections that it is made of",
        ),
        (
            ROUTE,
            f'{ROUTE}\n[[outputs]]\nname = "short"\ntitle = "x"\nsections = [1]',
            'outputs.short.sections: must be a list of text such as ["A"], not a list with something else in it',
        ),
        (
            ROUTE,
            f'{ROUTE}\n[package]\nconcept = "x"',
            "package.concept: there is no such key; did you mean concept_note?",
        ),
        # annexes, themes, phrases
        (
            ROUTE,
            f'{ROUTE}\n[annexes]\nparticipant = "x"',
            "annexes.participant: there is no such key; did you mean participants?",
        ),
        (
            ROUTE,
            f'{ROUTE}\n[themes]\nb2 = "x"',
            "themes.b2: is no theme code; write a letter, or a letter and a roman number: a, b.ii",
        ),
        (ROUTE, f'{ROUTE}\n[themes]\na = ""', "themes.a: is empty; write the theme's wording"),
        (ROUTE, f"{ROUTE}\n[themes]\na = 2017-07-09", "themes.a: must be text, not a date or time"),
        (
            ROUTE,
            f'{ROUTE}\n[phrases]\nno_note = "x"',
            "phrases.no_note: there is no such phrase; did you mean no_notes?",
        ),
        (
            ROUTE,
            f'{ROUTE}\n[phrases]\nno_notes = "No {{notes}}"',
            "phrases.no_notes: may hold no braces",
        ),
        (
            ROUTE,
            f'{ROUTE}\n[phrases]\npage_of = "{{page}} {{0}}"',
            "phrases.page_of: may hold {page}, {pages}, and no other braces",
        ),
        (ROUTE, f'{ROUTE}\n[phrases]\nby = "by {{by"', "phrases.by: may hold {by}, and no other braces"),
    ],
)
def test_check_says_what_is_wrong(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert MINIMAL.count(old) == 1
    folder = write_template(tmp_path, MINIMAL.replace(old, new))

    assert check_template(folder) == [f"template.toml: {line}" for line in problem.splitlines()]


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        (
            'A.main = ["recommendation"]',
            'A.main = ["recommendation"]\nA.rest = ["recommendation"]',
            ['routing.always.A.rest: "recommendation" is routed twice, to A.main and to A.rest; keep one'],
        ),
        (
            'A.main = ["recommendation"]',
            'A.main = ["recommendation", "topic"]',
            [
                'routing.in_session: "topic" is routed twice, to A.main and to S.topics; keep one',
                'routing.no_session: "topic" is routed twice, to A.main and to A.rest; keep one',
            ],
        ),
        (
            'A.main = ["recommendation"]',
            'S.actions = ["recommendation"]',
            ["routing.always.S.actions: this part is made for each session; route to it under routing.in_session"],
        ),
        (
            'A.rest = ["topic"]',
            'S.topics = ["topic"]',
            ["routing.no_session.S.topics: this part is made for each session; route to it under routing.in_session"],
        ),
        (
            'S.topics = ["topic"]',
            'A.main = ["topic"]',
            [
                "routing.in_session.A.main: this part is not in the section that repeats; "
                "route to it under always or no_session"
            ],
        ),
        (
            'A.rest = ["topic"]',
            "",
            ['routing.no_session: "topic" has no part here, only S.topics in a session; add it'],
        ),
        (
            'S.topics = ["topic"]',
            "",
            ['routing.in_session: "topic" has no part here; add it, or route it under routing.always'],
        ),
        (
            'heading = "Summary"',
            'heading = "Summary"\nrepeat = true',
            [
                "sections.S.repeat: only one section can repeat by session",
                "routing.always.A.main: this part is made for each session; route to it under routing.in_session",
                "routing.no_session.A.rest: this part is made for each session; route to it under routing.in_session",
            ],
        ),
    ],
)
def test_check_holds_the_routing_to_the_sessions(tmp_path: Path, old: str, new: str, problems: list[str]) -> None:
    assert WITH_SESSIONS.count(old) == 1
    folder = write_template(tmp_path, WITH_SESSIONS.replace(old, new))

    assert check_template(folder) == [f"template.toml: {problem}" for problem in problems]


@pytest.mark.parametrize(
    ("french", "problem"),
    [
        ('footnote = "Note"', "footnote: there is no English for it; add the English to template.toml"),
        (
            'headings.lesson = "Leçons"',
            "headings.lesson: there is no such wording in template.toml; did you mean headings.lessons?",
        ),
        ("title = 3", "title: must be text, not a whole number"),
        ("title = ", "end of document: this is not TOML: Invalid value"),
        (
            '[phrases]\nby = "{on}"',
            "phrases.by: there is no English for it; add the English to template.toml",
        ),
    ],
)
def test_check_holds_other_languages_to_the_english(tmp_path: Path, french: str, problem: str) -> None:
    assert check_template(write_template(tmp_path, MINIMAL, fr=french)) == [f"words.fr.toml: {problem}"]


def test_check_names_the_language_of_a_wrong_phrase(tmp_path: Path) -> None:
    folder = write_template(tmp_path, MINIMAL + '[phrases]\nby = "{by}"', fr='[phrases]\nby = "{par}"')

    assert check_template(folder) == ["words.fr.toml: phrases.by: may hold {by}, and no other braces"]


def test_check_reads_only_files_that_a_template_has(tmp_path: Path) -> None:
    folder = write_template(tmp_path, MINIMAL, english='title = "x"', en='title = "x"')

    assert check_template(folder) == [
        f"{name}: is not read; English stands in template.toml, other languages in words.fr.toml, "
        "words.ar.toml "
        "and so on"
        for name in ("words.en.toml", "words.english.toml")
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b'title = "T"\n[[sections]\n',
            "line 2, column 11: this is not TOML: Expected ']]' at the end of an array declaration",
        ),
        (b'title = "T"\ntitle = "U"\n', "line 2, column 12: this is not TOML: Cannot overwrite a value"),
        (b'title = "\xe9"\n', "is not UTF-8 text; save it as UTF-8"),
    ],
)
def test_check_says_where_a_file_cannot_be_read(tmp_path: Path, content: bytes, problem: str) -> None:
    folder = write_template(tmp_path, "")
    (folder / "template.toml").write_bytes(content)

    assert check_template(folder) == [f"template.toml: {problem}"]


def test_check_misses_the_folder_and_the_file(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd" / "template.toml").mkdir(parents=True)

    assert [check_template(tmp_path / name) for name in ("nowhere", "empty", "odd")] == [
        ["nowhere: there is no such folder"],
        ["template.toml: there is no such file in the folder; every template needs one"],
        ["template.toml: cannot be read (Is a directory)"],
    ]


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    folder = write_template(tmp_path, 'titel = "T"\n[[sections]]\nid = "A"\n', fr='preamble = "x"')
    problems = [
        "template.toml: title: is missing; every template needs a title",
        "template.toml: sections.A.heading: is missing; a section needs a heading",
        'template.toml: sections.A.parts: is missing; add at least one, such as parts = [{ name = "items" }]',
        "template.toml: routing: is missing; say which tags go to which part",
        "template.toml: titel: there is no such key; did you mean title?",
        "words.fr.toml: preamble: there is no English for it; add the English to template.toml",
    ]

    assert check_template(folder) == problems
    with pytest.raises(TemplateError) as caught:
        read_template(folder)
    assert str(caught.value) == "\n".join(["The template mine cannot be used:", *problems])


def test_examples_of_the_guide_make_a_template(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "templates.md").read_text("utf-8")
    first, more, french = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    folder = write_template(tmp_path, first + more, fr=french)

    assert check_template(folder) == []
    # what the guide says can be worded elsewhere, it words
    assert set(re.findall(r"^\[(\w+)", french, re.MULTILINE)) == {
        *("fields", "headings", "help", "empty", "annexes", "counts", "categories", "package", "outputs", "themes"),
        "phrases",
    }

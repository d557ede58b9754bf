"""Reports as a desk would receive them: a day's consultation in English, and short ones in Arabic and Chinese."""

from datetime import timedelta

from core.messages import Attachment
from reports.report import Annex, CheckList, Field, Group, Item, Part, Report, ReviewItem, Section, SessionBlock
from tests.reports.formats.sample import START, around, note, part, session, words

# a note in Arabic and one in Chinese, in the midst of English ones
ARABIC = "نحتاج إلى آلية تنسيق أفضل على المستوى الوطني، وخاصة مع UN DESA قبل عام 2018."
CHINESE = "缺乏地方一级的能力建设资源。"


def english() -> Report:
    """With everything that a report can have in it."""
    sections = (
        Section("A", "A", "Objectives and major conclusions", "", _objectives()),
        Section("B", "B", "Final recommendations", "", (part("B.items", None, _recommendations(), "numbered"),)),
        Section("C", "C", "Trends, challenges and opportunities", "", _challenges()),
        Section("F", "F", "Session summaries *", "• Session I: (theme, title)\n• Topics", (), _sessions()),
        Section("G", "G", "Additional information", "", (_additional(),)),
        Section("H", "", "Breakouts", "", (), (), "No sessions recorded"),
    )
    return around(
        *sections,
        title="Regional/Thematic Consultations: High-level United Nations Conference on South-South Cooperation",
        subtitle="Reporting Template",
        preamble="A template is provided below for reporting.\n\nPlease submit the concept note.",
        meeting={"name": "pre-hlpf", "title": "Pre-HLPF meeting", "zone": "America/New_York", "language": "en"},
        fields=_fields(),
        annexes=_annexes(),
        late=(note("Publish the list of side events by country.", 463, tag="recommendation"),),
        review=(_misspelt(),),
        checks=(
            CheckList("Fields to be completed", ("Prepared by: (name, email, telephone no.)",)),
            CheckList("Parts with no notes", ("C. Trends", "F. Session II: Conclusions reached")),
        ),
        footnote="*Note: Please provide a separate session summary for each session.",
    )


def _fields() -> tuple[Field, ...]:
    return (
        Field("title", "Title of consultation:", "Pre-HLPF preparatory meeting", True, "[to be completed: title]"),
        Field("date", "Date of consultation:", "9 July 2017", True, "[to be completed: date]"),
        Field("venue", "Venue, city, country:", "Church Center\nNew York", True, "[to be completed: venue]"),
        Field("prepared_by", "Prepared by: (name, email)", None, True, "[to be completed: name, email]"),
    )


def _objectives() -> tuple[Part, ...]:
    learning = "Peer-to-peer learning among major groups:\n- what worked\n- what did not"
    return (
        part(
            "A.objectives",
            "Objectives of the consultation",
            [note("Promote understanding of the 2030 Agenda and of the procedures."), note(learning, 4)],
        ),
        part("A.conclusions", "Major conclusions reached", [note("Participation must last the whole year.", 60)]),
    )


def _recommendations() -> list[Item]:
    return [
        note(
            "Establish an official channel for civil society in voluntary national reviews, with an institutional "
            "setting that lasts longer than the two weeks of the forum.",
            35,
            number="R1",
            tag="recommendation",
            session="II",
            attributes={"to": "Member States", "by": "15 December 2018", "sdg": ["17"], "speaker": "Not Shown"},
        ),
        note("Allocate resources to skills at the local level.", 36, number="R7", attributes={"to": "UNOSSC"}),
        note("Better communication strategies: Twitter #HLPF, Facebook.", 37, number="R3", edited=True),
        note("إنشاء صندوق لبناء القدرات المحلية.", 39, number="R12", session="I", attributes={"to": "الدول الأعضاء"}),
    ]


def _challenges() -> tuple[Part, ...]:
    chart = (Attachment("photo", "flipchart-3B.jpg"), Attachment("file", "mapping.xlsx"))
    challenges = [
        note("Coordination leaves groups out [in most countries].", 32, attachments=chart),
        note(ARABIC, 33),
        note(CHINESE, 34),
    ]
    opportunities = [note("Online platforms carry learning.", 40), note("Webinars too.", 41)]
    return (
        part("C.trends", "Trends", []),
        part("C.challenges", "Challenges", challenges),
        part("C.opportunities", "Opportunities", opportunities, "numbered"),
    )


def _sessions() -> tuple[SessionBlock, ...]:
    model = "Draft terms of reference for a parallel report,\nbuilding on the Geneva model."
    agreed = {"to": "Working group 3B", "by": "15 September 2017"}
    actions = [
        note(model, 72, session="I", tag="action", attributes=agreed),
        note("Keep the mailing list open after the forum.", 73, session="I", tag="action"),
        note("إعداد قائمة بالمنظمات", 74, session="I", tag="action", attributes={"to": "UN DESA", "by": "قبل تموز"}),
    ]
    first = [
        part("main_topics", "Main topics discussed", [note("Civil society space (paragraph 89).", 70, session="I")]),
        part("conclusions", "Conclusions reached", [note("The method is not efficient.", 71, session="I")]),
        part("action_points", "Action points proposed/agreed", actions, "actions"),
        part("additional", "Any additional information", []),
    ]
    second = [part("conclusions", "Conclusions reached", [])]
    return (
        session("I", "Participation", "Challenges and opportunities", first),
        session("II", "Means of implementation", "", second),
    )


def _additional() -> Part:
    groups = (
        Group("Session I", (note("Side events: 140 are registered.", 50), note("Two facilitators lead.", 51))),
        Group("Session II", (note("The second progress report is out.", 52),)),
    )
    return Part("G.items", None, "numbered", groups, words("en")["no_notes"])


def _annexes() -> tuple[Annex, ...]:
    concept = note("Concept note", 21, tag="document", attachments=(Attachment("file", "concept-note.pdf"),))
    return (
        Annex("attendance", "Attendance", (note("about 120 people from 46 countries", 20, tag="attendance"),)),
        Annex("participants", "List of participants", ()),
        Annex("documents", "Concept note and other documents", (concept,)),
    )


def _misspelt() -> ReviewItem:
    advice = "The tag is not known. Perhaps meant: #recommendation"
    text = "#recomendatoin? ask about paragraph 89"
    return ReviewItem("unknown_tag", "188", text, "Jorge Fictional", START + timedelta(minutes=88), advice)


def arabic() -> Report:
    """With Latin names and a note in English."""
    channel = "إنشاء قناة رسمية لمشاركة المجتمع المدني في الاستعراضات (VNR) بالتعاون مع UN DESA في عام 2018."
    aim = {"to": "الدول الأعضاء", "by": "15 كانون الأول/ديسمبر 2018"}
    recommendations = [
        note(channel, 1, number="R1", session="2", attributes=aim),
        note("Keep the platform open all year (رابط المنصة).", 2, number="R2"),
    ]
    challenges = [note("نقص الموارد المحلية.", 3), note("ضعف التنسيق:\n- بين الوزارات\n- مع UNDP", 4)]
    action = note("إعداد تقرير مواز", 7, session="2", attributes={"to": "UNOSSC", "by": "أيلول/سبتمبر"})
    parts = (
        part("C.trends", "الاتجاهات", [], language="ar"),
        part("C.challenges", "التحديات", challenges),
        part("C.opportunities", "الفرص", [note("التعلم من الأقران.", 5), note("ندوات شبكية.", 6)], "numbered"),
    )
    block = session(
        "2", "وسائل التنفيذ", "تعبئة الموارد", [part("action_points", "الإجراءات", [action], "actions")], "ar"
    )
    return around(
        Section("B", "B", "التوصيات النهائية", "", (part("B.items", None, recommendations, "numbered"),)),
        Section("C", "C", "الاتجاهات والتحديات والفرص", "", parts),
        Section("F", "F", "موجزات الجلسات *", "", (), (block,)),
        language="ar",
        title="المشاورات الإقليمية/المواضيعية: مؤتمر الأمم المتحدة المعني بالتعاون فيما بين بلدان الجنوب",
        subtitle="نموذج التقرير",
        fields=(
            Field("title", "عنوان المشاورة:", "اجتماع تحضيري للمنتدى السياسي (HLPF 2017)", True, ""),
            Field("venue", "مكان الانعقاد، المدينة، البلد:", None, True, "[يستكمل لاحقا: مكان الانعقاد]"),
        ),
        late=(note("Publish the list (قائمة).", 463),),
        review=(_misspelt(),),
        checks=(CheckList("الأجزاء التي لا ترد فيها ملاحظات", ("ج. الاتجاهات",)),),
        footnote="*ملاحظة: يرجى تقديم موجز مستقل لكل جلسة.",
    )


def chinese() -> Report:
    """With an English name in a note."""
    aim = {"to": "会员国", "by": "2018年12月15日"}
    recommendations = [
        note(
            "加强南南合作的体制框架，由UNOSSC牵头，并为地方能力建设调动资源。",
            1,
            number="R1",
            session="II",
            attributes=aim,
        ),
        note("建立“一站式”的在线平台。", 2, number="R2"),
    ]
    parts = (part("C.trends", "趋势", [], language="zh"), part("C.challenges", "挑战", [note("资源不足。", 3)]))
    return around(
        Section("B", "B", "最后建议（拟采取的行动）", "", (part("B.items", None, recommendations, "numbered"),)),
        Section("C", "C", "趋势、挑战和机遇", "", parts),
        language="zh",
        title="联合国南南合作高级别会议——迈向共识议程",
        subtitle="报告模板",
        fields=(
            Field("title", "协商会议名称：", "高级别政治论坛会前会议", True, ""),
            Field("venue", "会场、城市、国家：", None, True, "[待填写：会场]"),
        ),
        checks=(CheckList("没有记录的部分", ("C. 趋势",)),),
    )

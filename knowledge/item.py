"""ServiceItem (事项): everything a 办事指南 says of one service, as frozen fields.

The elements follow GB/T 39554.1 and 行政许可法 article 30. A fact without a `local` mark is national
and carries its legal basis; `local: to_be_confirmed` marks what no public source confirms for this hall.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Local = Literal["confirmed", "to_be_confirmed"]
Level = Literal["province", "city", "district", "town", "village"]
Language = Literal["en", "ja", "de"]
LifeEvent = Literal[
    "出生", "教育", "就业", "生活", "置业", "出行", "就医", "救助", "养老", "身后",
    "准入准营", "招聘用工", "纳税缴费", "经营发展", "工程建设", "注销退出", "涉外",
]  # fmt: skip
"""Life events of 国办发〔2025〕24号, and 涉外 for foreigners."""

Facet = Literal[
    "overview", "conditions", "materials", "steps", "time", "fee", "place", "phone",
    "online", "result", "law", "proxy", "cross_region",
]  # fmt: skip
"""What a question may ask of an item. `time` is the time limit; hours belong to `place`, validity to `result`."""
FACETS: tuple[Facet, ...] = get_args(Facet)

When = dict[str, tuple[str, ...]]
"""A condition on situations: every named situation has one of the listed option values."""


class Part(BaseModel):
    """Base of every part of a handbook: frozen, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Basis(Part):
    """Where a fact stands in law. `law` is a name in laws.yaml, `article` its number without 第 and 条."""

    law: Text
    article: str | None = None
    quote: str | None = None
    """Verbatim words of the article."""

    def cite(self) -> str:
        """As it is cited: 《居住证暂行条例》第9条."""
        return f"《{self.law}》" + (f"第{self.article}条" if self.article else "")


class Condition(Part):
    """One 申请条件."""

    text: Text
    when: When = {}
    basis: Basis | None = None
    local: Local | None = None


class Option(Part):
    """One answer a visitor may give to a situation question."""

    value: Slug
    label: Text
    says: tuple[Text, ...] = ()
    """Other words for the label, as visitors say them."""
    notice: str | None = None
    """What this choice means, shown with the checklist."""
    item: Slug | None = None
    """The item that this choice leads to instead of this one."""


class Situation(Part):
    """情形: one question whose answer changes the checklist, asked only `when` it matters."""

    id: Slug
    ask: Text
    options: tuple[Option, ...] = Field(min_length=2)
    when: When = {}


class ItemMaterial(Part):
    """One line of the material list.

    `material` names an entry of materials.yaml; an imported handbook may give `name` alone.
    """

    material: Slug | None = None
    name: Text | None = None
    original: int = Field(1, ge=0)
    """Originals to hand in or show."""
    copies: int = Field(0, ge=0)
    required_when: When = {}
    one_of: Text | None = None
    """Lines with the same label here are alternatives: one of them is enough."""
    note: str | None = None
    shared: bool = False
    """Obtained by data sharing, so the visitor need not bring it."""
    basis: Basis | None = None
    local: Local | None = None


class Step(Part):
    """One step of 办理流程."""

    name: Text
    text: Text


class SpecialStep(Part):
    """特殊环节: hearing, inspection, public notice, with its own limit."""

    name: Text
    text: Text
    counted: bool = False
    """Whether its time counts towards the time limit."""
    charged: bool = False
    basis: Basis | None = None


class TimeLimit(Part):
    """A number of days with its unit, or `text` alone where an imported handbook says it in words."""

    amount: int | None = Field(None, ge=0)
    unit: Literal["on_the_spot", "working_day", "day", "month", "hour"] | None = None
    starts: str | None = None
    """What the clock starts at, e.g. 自受理之日起."""
    text: str | None = None
    basis: Basis | None = None
    local: Local | None = None


class TimeLimits(Part):
    statutory: TimeLimit | None = None
    """法定办结时限."""
    promised: TimeLimit | None = None
    """承诺办结时限."""


class Charge(Part):
    """One charge. `yuan` is absent where no source confirms the amount; `note` then says how to learn it."""

    name: Text
    yuan: float | None = Field(None, ge=0)
    unit: str = "件"
    when: When = {}
    note: str | None = None


class Fee(Part):
    """收费: free, or charges in yuan, or `text` where only words are known."""

    free: bool | None = None
    charges: tuple[Charge, ...] = ()
    text: str | None = None
    basis: Basis | None = None
    local: Local | None = None


class ItemPlace(Part):
    """Where the item is handled at one level. `place` names an entry of places.yaml, or the words stand here."""

    place: Slug | None = None
    level: Level | None = None
    name: Text | None = None
    address: str | None = None
    hours: str | None = None
    phone: str | None = None
    note: str | None = None
    local: Local | None = None


class Online(Part):
    """网上办理入口."""

    available: bool
    name: str | None = None
    url: str | None = None
    note: str | None = None
    local: Local | None = None


class Phone(Part):
    name: Text
    number: Text


class Result(Part):
    """办理结果: what the visitor holds at the end, how long it is valid, how it arrives."""

    name: Text
    validity: str | None = None
    delivery: tuple[Text, ...] = ()
    basis: Basis | None = None


class Proxy(Part):
    """代办: whether somebody else may apply."""

    allowed: Literal["always", "conditional", "never"]
    text: Text
    basis: Basis | None = None
    local: Local | None = None


class Visits(Part):
    """到现场次数."""

    count: int = Field(ge=0)
    local: Local | None = None


class Faq(Part):
    """A frequent question in several wordings, and its answer; its numbers must equal a field's."""

    questions: tuple[Text, ...] = Field(min_length=1)
    answer: Text
    facets: tuple[Facet, ...] = ()
    basis: Basis | None = None
    local: Local | None = None


class NotThis(Part):
    """不是: wordings that sound like this item and mean another."""

    asks: tuple[Text, ...] = Field(min_length=1)
    item: Slug
    because: Text


class MemberCase(Part):
    """How one item takes part in a bundle."""

    when: When = {}
    """Situations of the bundle in which it takes part; empty: always."""
    given: dict[Slug, Slug] = {}
    """Its own situations that the bundle has answered already."""
    gives: tuple[Slug, ...] = ()
    """Materials that it brings forth, so that the members after it need not ask for them."""


class Task(Part):
    """Who does what: one item with its department."""

    item: Slug
    name: Text
    department: str | None = None


class Saving(Part):
    """How many papers a visitor hands in, over all cases: one item after the other, and as one."""

    apart: int
    together: int


class Bundle(Part):
    """高效办成一件事: the items done with one form, in order."""

    members: tuple[Slug, ...] = Field(min_length=2)
    lead: Text
    form: str | None = None
    cases: dict[Slug, MemberCase] = {}
    tasks: tuple[Task, ...] = ()
    """Computed from the members."""
    saving: Saving | None = None
    """Computed from the members."""


class ProjectLine(Part):
    """One line of a project's service list, its items in order."""

    name: Literal["产业", "用地", "建设主线", "建设辅线"]
    members: tuple[Slug, ...] = Field(min_length=1)
    tasks: tuple[Task, ...] = ()
    """Computed from the members."""


class Project(Part):
    """建设项目服务清单: what a project needs from idea to completion, on lines that run side by side."""

    lines: tuple[ProjectLine, ...] = Field(min_length=1)


CrossRegionMode = Literal["全程网办", "代收代办", "多地联办", "跨省通办", "省内通办", "全国通办"]


class CrossRegion(Part):
    """跨区域办理."""

    modes: tuple[CrossRegionMode, ...] = ()
    text: Text
    partners: tuple[Text, ...] = ()
    """Names of the places with which it is agreed; from crossregion.yaml."""
    basis: Basis | None = None
    local: Local | None = None


class Verified(Part):
    status: Literal["verified", "to_be_confirmed"]
    checked_on: date | None = None
    source: str | None = None


class ServiceItem(Part):
    """One 事项 of the handbook."""

    id: Slug
    name: Text
    code: str | None = None
    """基本编码; absent where no public source gives it."""
    aliases: tuple[Text, ...] = ()
    translations: dict[Language, Text] = {}
    foreign_aliases: dict[Language, tuple[Text, ...]] = {}
    """What foreigners call it, beside the translated name."""
    not_this: tuple[NotThis, ...] = ()
    kind: Literal["行政许可", "行政确认", "行政给付", "行政登记", "公共服务", "其他行政权力", "一件事"] | None = None
    life_event: LifeEvent | None = None
    audience: tuple[Literal["person", "enterprise"], ...] = ("person",)
    department: str | None = None
    levels: tuple[Level, ...] = ()
    region: str | None = None
    """Region code in regions.yaml; absent means everywhere in this handbook."""
    summary: str | None = None
    conditions: tuple[Condition, ...] = ()
    quota: str | None = None
    situations: tuple[Situation, ...] = ()
    materials: tuple[ItemMaterial, ...] = ()
    steps: tuple[Step, ...] = ()
    special_steps: tuple[SpecialStep, ...] = ()
    time_limit: TimeLimits = TimeLimits()
    fee: Fee = Fee()
    places: tuple[ItemPlace, ...] = ()
    online: Online | None = None
    phones: tuple[Phone, ...] = ()
    result: Result | None = None
    proxy: Proxy | None = None
    visits: Visits | None = None
    legal_basis: tuple[Basis, ...] = ()
    faq: tuple[Faq, ...] = ()
    bundle: Bundle | None = None
    project: Project | None = None
    cross_region: CrossRegion | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    verified: Verified = Verified(status="to_be_confirmed")

    def name_in(self, language: str) -> str:
        """The translated name; the Chinese one where there is none."""
        return next((name for code, name in self.translations.items() if code == language), self.name)

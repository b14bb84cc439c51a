"""A small item and what is handed in for it, 样本, for tests of placing, checking and concluding."""

from datetime import UTC, datetime

from knowledge.item import ItemMaterial, Option, ServiceItem, Situation
from preapproval.case import Applicant, Case, FieldValue, HandedIn, Material, Page, PageRef, QualityFinding, ReadFile

BOX = ((10.0, 10.0), (200.0, 10.0), (200.0, 40.0), (10.0, 40.0))
NUMBER = "320411199003077537"
"""Its checksum holds; nobody has it."""


def line(material: str, name: str, **more: object) -> ItemMaterial:
    return ItemMaterial.model_validate({"material": material, "name": name, **more})


PERMIT = ServiceItem(
    id="sample-permit",
    name="样本许可",
    situations=(
        Situation(
            id="reason",
            ask="凭什么申请？",
            options=(Option(value="work", label="就业"), Option(value="housing", label="住所")),
        ),
    ),
    materials=(
        line("id-card", "居民身份证", basis={"law": "居住证暂行条例", "article": "9"}),
        line("photo", "照片"),
        line("lease", "租赁合同", one_of="住址证明"),
        line("property-certificate", "不动产权证书", one_of="住址证明"),
        line("labour-contract", "劳动合同", required_when={"reason": ("work",)}),
        line("student-card", "学生证", shared=True),
    ),
)


def sha(letter: str) -> str:
    return letter * 64


def case(**more: object) -> Case:
    given = {"item": "sample-permit", "choices": {"reason": "housing"}, "received_at": datetime(2026, 6, 1, tzinfo=UTC)}
    return Case.model_validate({**given, **more})


def handed_in(letter: str, slot: str | None = None) -> HandedIn:
    return HandedIn(name=f"{letter}.jpg", sha256=sha(letter), size=1000, slot=slot)


def page(letter: str, *quality: QualityFinding) -> Page:
    return Page(ref=PageRef(file=sha(letter)), width=800, height=500, quality=quality)


def read(letter: str, slot: str | None = None, *quality: QualityFinding) -> ReadFile:
    return ReadFile(file=handed_in(letter, slot), media_type="image/jpeg", pages=(page(letter, *quality),))


def material(identity: str, kind: str, letter: str, likely: tuple[str, ...] = (), **values: str) -> Material:
    fields = tuple(
        FieldValue(
            material=kind, name=name, value=value, raw=value, page=PageRef(file=sha(letter)), quad=BOX,
            method="anchor", confidence=0.99, validated=name == "number",
        )
        for name, value in values.items()
    )  # fmt: skip
    return Material(
        id=identity, kind=kind, pages=(PageRef(file=sha(letter)),), margin=0.0 if likely else 0.9, likely=likely,
        fields=fields,
    )  # fmt: skip


APPLICANT = Applicant(name="样本甲", number=NUMBER)

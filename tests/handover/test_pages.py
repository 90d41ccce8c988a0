"""The pages of the handover: the list, the receipt, and the screen turned to the 인수자."""

from __future__ import annotations

import base64
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image, ImageDraw
from sqlalchemy import select

import factories
from client import PageClient
from handover.conftest import Scene, approved
from portal.applications.states import State
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.roles import Role
from portal.runtime import vault
from queries import counted_queries


def data_url() -> str:
    image = Image.new("RGBA", (400, 200), (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(20, 150), (150, 30), (300, 160)], fill="black", width=6)
    output = BytesIO()
    image.save(output, "PNG")
    return "data:image/png;base64," + base64.b64encode(output.getvalue()).decode()


@pytest.fixture
def address(scene: Scene) -> str:
    return f"/handover/{scene.application.public_id}"


def receipt() -> HandoverReceipt:
    return db.session.scalars(select(HandoverReceipt)).one()


def test_the_custodian_prepares_and_uploads_what_was_signed_on_paper(
    client: PageClient, scene: Scene, address: str
) -> None:
    client.log_in(scene.custodian)
    assert scene.application.control_no in client.get("/handover").text
    client.get(address)
    client.post(address, {"identity_document": "공무원증"})
    page = client.get(f"{address}/sign")
    assert "모두 책임질 것을 서약합니다" in page.text

    scan = (BytesIO(base64.b64decode(data_url().partition(",")[2])), "signature.png")
    signatures = {"transferee_scan": scan, "transferor": data_url()}
    answer = client.post(f"{address}/sign", {"sha256": receipt().unsigned_sha256, **signatures})

    assert answer.status_code == 303
    assert scene.application.state == State.HANDED_OVER
    page = client.get(address)
    assert "인계·인수가 끝났습니다" in page.text
    issued = receipt().issued
    assert issued is not None
    assert client.get(f"/documents/{issued.public_id}.pdf").data.startswith(b"%PDF")


def test_an_employee_signs_on_their_own_screen(
    app: Flask, client: PageClient, scene: Scene, address: str
) -> None:
    client.log_in(scene.custodian)
    client.get(address)
    client.post(address, {"identity_document": "공무원증"})
    own = PageClient(app).log_in(scene.employee)
    page = own.get(f"/applications/{scene.application.public_id}")
    assert "인계·인수증에 서명" in page.text
    page = own.get(f"{address}/sign")
    assert page.text.count("data-signature-pad") == 1

    own.post(f"{address}/sign", {"sha256": receipt().unsigned_sha256, "transferee": data_url()})

    assert receipt().transferee_signature is not None
    assert scene.application.state == State.APPROVED
    own.post(f"{address}/sign", {"sha256": receipt().unsigned_sha256, "transferor": data_url()})
    assert receipt().transferor_signature is None, "the 인수자 signed as 인계자"


def test_an_empty_pad_is_answered_beside_the_pad(
    client: PageClient, scene: Scene, address: str
) -> None:
    client.log_in(scene.custodian)
    client.get(address)
    client.post(address, {"identity_document": "공무원증"})

    answer = client.post(f"{address}/sign", {"sha256": receipt().unsigned_sha256})

    assert "서명란에 서명하거나" in answer.text
    assert scene.application.state == State.APPROVED


def test_nothing_is_prepared_without_saying_how_the_identity_was_checked(
    client: PageClient, scene: Scene, address: str
) -> None:
    client.log_in(scene.custodian)
    client.get(address)

    answer = client.post(address, {"identity_document": ""})

    assert "신분을 무엇으로 확인했는지" in answer.text
    assert db.session.scalars(select(HandoverReceipt)).all() == []


@pytest.mark.parametrize("role", sorted(Role))
def test_strangers_find_nothing_at_the_handovers_addresses(
    client: PageClient, scene: Scene, address: str, role: Role
) -> None:
    if role is Role.CUSTODIAN:
        other = factories.account(Role.COUNTER, name="다른 창구")
    else:
        other = factories.account(role)
    client.log_in(other)

    for path in (address, f"{address}/sign", f"{address}/unsigned.pdf"):
        answer = client.http.get(path)
        assert answer.status_code in (403, 404), path


def test_the_list_takes_the_same_number_of_queries_whatever_its_length(
    client: PageClient, scene: Scene
) -> None:
    client.log_in(scene.custodian)
    counted = []
    for _ in range(2):
        for _ in range(3):
            approved(
                scene.employee, [factories.recording()], scene.custodian, [scene.leader, scene.head]
            )
        with counted_queries() as queries:
            client.get("/handover")
        counted.append(len(queries))

    assert counted[0] == counted[1], counted


def test_preparing_again_and_a_refused_signature_leave_no_blob_behind(
    client: PageClient, scene: Scene, address: str
) -> None:
    client.log_in(scene.custodian)
    client.get(address)
    for _ in range(2):
        client.post(address, {"identity_document": "공무원증"})
    client.get(f"{address}/sign")
    client.post(f"{address}/sign", {"sha256": "0" * 64, "transferor": data_url()})

    assert vault().records.blobs() == [receipt().unsigned_blob]

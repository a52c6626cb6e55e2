"""The character NUL, which no page of ours sends and PostgreSQL cannot store: refused at the door, on both databases."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("address", ["/receipt?code=%00", "/%00", "/receipt?code=A%00B", "/?next=%00"])
def test_an_address_with_nul_is_refused(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "<h1" in answer.text


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_with_nul_is_refused(client: FlaskClient, content_type: str) -> None:
    answer = client.post("/sign-in", data={"sign_in_name": "a\0b", "password": "x"}, content_type=content_type)
    assert answer.status_code == 400


def test_a_file_whose_name_has_nul_is_refused(client: FlaskClient) -> None:
    part = b'--X\r\nContent-Disposition: form-data; name="file"; filename="a\0b.xlsx"\r\n\r\nx\r\n--X--\r\n'
    assert client.post("/sign-in", data=part, content_type="multipart/form-data; boundary=X").status_code == 400


def test_a_code_with_other_odd_characters_is_only_unknown(client: FlaskClient) -> None:
    assert client.get("/receipt?code=%01%EF%BF%BF%F0%9F%98%80").status_code == 404

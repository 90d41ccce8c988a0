"""One notice as a mail: what to do and the control number, and nothing about anybody."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from portal.notices.models import Mail
from portal.notices.wording import words_of
from portal.runtime import settings


def letter(mail: Mail, to: str) -> EmailMessage:
    """The message; sent again it is the same, with the same Message-ID."""
    rules, notice = settings(), mail.notice
    words = words_of(notice.kind, notice.number)
    control_no = notice.application.control_no if notice.application else None
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"[{rules.institution.portal_name}] {words.title}" + (
        f" ({control_no})" if control_no else ""
    )
    message["From"] = Address(rules.institution.portal_name, addr_spec=rules.mail.sender)
    message["To"] = to
    message["Date"] = notice.at
    message["Message-ID"] = message_id(mail)
    message["Auto-Submitted"] = "auto-generated"
    lines = [words.title, words.todo, f"관리번호: {control_no}" if control_no else ""]
    end = "이 메일은 자동으로 보냈습니다. 회신하지 마시고 포털에 로그인하여 확인해 주십시오."
    message.set_content("\n\n".join([*filter(None, lines), end]) + "\n")
    return message


def message_id(mail: Mail) -> str:
    """Made of the row alone, so that mail programs know a repetition as one."""
    domain = settings().mail.sender.rpartition("@")[2]
    return f"<{mail.public_id}@{domain}>"

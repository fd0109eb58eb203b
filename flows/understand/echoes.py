"""Messages that a phone wrote, not a person: reactions that quote us, automatic replies, delivery notices.

Not here: the meaning of what they quote, which is never danger. What a person wrote beside it may be.
"""

import re

from flows.understand.text import normal

_OPEN = "[\"'“”„«»‹「『‘’*_]"
_REACTED = (
    r"(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,24} to|reacted with .{1,24} to|removed an? .{1,24} from"
    r"|(?:a ti )?(?:le|te) (?:gust[oó]|encant[oó])|me gust[oó]|no (?:le|me) gust[oó]|se ri[oó] de|ri[oó] con|enfatiz[oó]|destac[oó]|exclam[oó] por|cuestion[oó]|dud[oó] de|pregunt[oó] por"
    r"|reaccion[oó] (?:con .{1,24} )?(?:a|ante)|(?:quit[oó]|elimin[oó]) .{1,24} de"
    r"|curtiu|gostou de|amou|adorou|n[aã]o (?:curtiu|gostou de)|descurtiu|riu d[eoa]|riu-se de|enfatizou|questionou|reagiu (?:com .{1,24} )?(?:a|à|ao)|removeu .{1,24} d[eoa]"
    r"|a aim[eé]|a ador[eé]|n'a pas aim[eé]|a ri (?:à|a|de)|a mis en (?:é|e)vidence|a insist[eé] sur|s'est interrog[eé] sur|a r[eé]agi (?:avec .{1,24} )?(?:à|a)|a supprim[eé] .{1,24} de"
    r"|đã (?:thích|yêu thích|không thích|cười|nhấn mạnh|đặt câu hỏi)(?: về)?|đã (?:bày tỏ cảm xúc|phản ứng|thả) .{1,24}(?:với|cho|vào|trước)|da thich"
    r"|(?:renmen|te renmen|reyaji .{1,24} (?:a|sou|ak)|gosta di|riaji .{1,24} (?:a|ku))"
    r")"
)
_REACTION = re.compile(
    rf"^\W*{_REACTED}\s*{_OPEN}"
    rf"|^\W*{_REACTED} (?:an?|the|una?|um|uma|une?|la|el|o|a|một) (?:image|photo|picture|video|movie|voice message|audio message|attachment|imagen|foto|imagem|video|mensaje|mensagem|message|hình|ảnh)\b"
    rf"|^[^\w\s{{}}]{{1,12}}\s+(?:to|a|ao|à|para|với)\s+{_OPEN}"
    r"|^(?:喜欢|喜歡|不喜欢|赞了|讚了|点赞了?|强调了?|強調了?|爱上了?|愛上了?|觉得好笑|大笑|质疑了?|提问|对|對)\s*[“\"「『‘]",
    re.IGNORECASE,
)
_AUTO_MARKED = re.compile(
    r"^\W*(?:\[?auto[- ]?(?:matic(?:ally)?|mated)?[- ]?(?:reply|response|text|message|generated)|this is an auto(?:mated|matic)|respuesta autom|mensaje autom"
    r"|resposta autom|mensagem autom|r[eé]ponse automatique|message automatique|repons otomatik|tr[aả] l[oờ]i t[uự] [dđ][oộ]ng|tin nh[aắ]n t[uự] [dđ][oộ]ng|自动回复|自動回覆|自动答复)"
    r"|\b(?:auto[- ]?reply|automatic reply|sent automatically|autoreply|driving focus|do not disturb while driving|driving mode)\b"
    r"|\bi(?:'|’)?m not receiving notifications\b|\bwith notifications silenced\b|\bnotifications (?:are )?(?:silenced|turned off)\b"
    r"|^\W*(?:i am|i'm|i’m|im)?\s*(?:currently )?out of (?:the )?office\b|\bfuera de la oficina\b|\bfora do escrit[oó]rio\b|\babsent du bureau\b|\booo until\b"
    r"|^\W*(?:message|msg|sms|text|your message|mensaje|mensagem|tin nhắn)\s+(?:was |is |could )?(?:not (?:be )?(?:delivered|sent)|delivered|blocked|failed|undeliver\w+|no entregado|não entregue)"
    r"|^\W*(?:delivery (?:failure|report|status|notification)|undeliver(?:ed|able)|mailer-daemon|delivered to|read:|free msg:|error:? (?:invalid|message|unable))"
    r"|\bthe person you (?:texted|are trying to reach)\b|\bservice access denied\b|\bis not a (?:valid|working) number\b.*\bdeliver",
    re.IGNORECASE,
)
_AUTO_DRIVING = re.compile(
    r"\b(?:i(?:'|’)?m|i am|currently) (?:driving|in a meeting|away|on the road|unavailable)\b.*\b(?:reply|respond|get back|text you|call you|later|when i|once i|arrive|see your message|safely|soon)"
    r"|\b(?:estoy|voy) (?:conduciendo|manejando|en una reuni[oó]n)\b.*\b(?:responder|contest|llam|luego|m[aá]s tarde|despu[eé]s)"
    r"|\b(?:estou|tou) (?:dirigindo|a conduzir|conduzindo|em reuni[aã]o)\b.*\b(?:respond|retorn|ligo|depois|mais tarde)"
    r"|\bje (?:conduis|suis au volant|suis en r[eé]union|suis absente?)\b.*\b(?:rappel|r[eé]pond|plus tard)|\bm ap kondui\b.*\b(?:pita|reponn|rele)"
    r"|\btôi đang (?:lái xe|họp)\b.*\b(?:sau|trả lời|gọi lại)|(?:正在开车|正在開車|开会中|開會中).*(?:稍后|稍後|回复|回覆|联系)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"[“\"«「『].*[”\"»」』]|[“«「『].*$", re.DOTALL)
_AFTER_QUOTATION = re.compile(r"^.*[\"”»」』]", re.DOTALL)
_INVISIBLE = re.compile("[\u200a-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def is_reaction(text: str) -> bool:
    """`Liked “…”`, `Reacted 👍 to …`, `👍 to “…”`, in the forms that iPhones and Androids send in our languages."""
    return bool(_REACTION.search(_INVISIBLE.sub("", text[:200]).strip()))


def is_marked_automatic(text: str) -> bool:
    """Says itself that it is automatic, or is a carrier's notice: hardly anything in it is a person's word."""
    return bool(_AUTO_MARKED.search(_INVISIBLE.sub("", text[:400])))


def sounds_automatic(text: str) -> bool:
    """ "I'm driving, I'll text you later": a person could write it too, so danger outside its quotation still counts."""
    return bool(_AUTO_DRIVING.search(_INVISIBLE.sub("", text[:400])))


def after_quotation(text: str) -> str:
    """What somebody wrote after the quotation of a reaction; '' where it ends with it, or is cut off in it."""
    return _AFTER_QUOTATION.sub("", text, count=1) if _AFTER_QUOTATION.search(text) else ""


def unquoted(text: str) -> str:
    """The message without what it quotes."""
    return _QUOTED.sub(" ", text)


def is_empty(text: str) -> bool:
    """Nothing to read: spaces, punctuation, invisible characters."""
    return not normal(text)

"""A peer: Microsoft's Bot Framework for Python, its dialogs and memory store, on aiohttp. `framework_bot.py PORT`.

Not here: its connector service; an adapter of our own collects what it says into TwiML.
"""

import os
import sys

from aiohttp import web
from botbuilder.core import BotAdapter, ConversationState, MemoryStorage, TurnContext
from botbuilder.dialogs import DialogSet, DialogTurnStatus, WaterfallDialog
from botbuilder.dialogs.prompts import PromptOptions, TextPrompt
from botbuilder.schema import Activity, ActivityTypes, ChannelAccount, ConversationAccount, ResourceResponse
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

ADDRESS = os.environ["PUBLIC_URL"] + "/sms"
MENU = "1 A person calls you\n2 Other services"
check = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])


class Texts(BotAdapter):
    """Keeps what a turn says beside the turn."""

    async def send_activities(self, context, activities):
        said = context.turn_state.setdefault("said", [])
        said += [one.text for one in activities if one.text]
        return [ResourceResponse(id=str(n)) for n, _ in enumerate(activities)]

    async def update_activity(self, context, activity):
        raise NotImplementedError

    async def delete_activity(self, context, reference):
        raise NotImplementedError


def asks(words: str):
    async def step(dialog):
        message = Activity(type=ActivityTypes.message, text=words.format(number=dialog.result))
        return await dialog.prompt("text", PromptOptions(prompt=message))

    return step


async def promises(dialog):
    await dialog.context.send_activity("OK. We'll call you.")
    return await dialog.end_dialog()


conversations, texts = ConversationState(MemoryStorage()), Texts()
dialogs = DialogSet(conversations.create_property("dialogs"))
dialogs.add(TextPrompt("text"))
QUESTIONS = (MENU, "Which number should we call?", "We can call you on {number}. Is that right?\n1 Yes\n2 No")
dialogs.add(WaterfallDialog("callback", [*map(asks, QUESTIONS), promises]))


async def turn(context: TurnContext) -> None:
    dialog = await dialogs.create_context(context)
    if (await dialog.continue_dialog()).status is DialogTurnStatus.Empty:
        await dialog.begin_dialog("callback")
    await conversations.save_changes(context)


def activity(form) -> Activity:
    who = ChannelAccount(id=form["From"])
    return Activity(
        type=ActivityTypes.message,
        id=form["MessageSid"],
        text=form["Body"],
        channel_id="sms",
        service_url="http://localhost",
        from_property=who,
        recipient=ChannelAccount(id=form["To"]),
        conversation=ConversationAccount(id=form["From"]),
    )


async def sms(request: web.Request) -> web.Response:
    form = await request.post()
    if not check.validate(ADDRESS, dict(form), request.headers.get("X-Twilio-Signature", "")):
        return web.Response(status=403)
    context = TurnContext(texts, activity(form))
    await texts.run_pipeline(context, turn)
    answer = MessagingResponse()
    for one in context.turn_state.get("said", []):
        answer.message(one)
    return web.Response(text=str(answer), content_type="text/xml")


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/sms", sms)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)

// A peer: Botkit, with its adapter for Twilio's texts and the dialogs and memory store of Bot Framework for Node.
// Not here: sending. The adapter would post each answer to Twilio; a stub takes it at once, which is generous to it.
const { Botkit } = require("botkit");
const { BotkitConversation } = require("botkit");
const { TwilioAdapter } = require("botbuilder-adapter-twilio-sms");

const adapter = new TwilioAdapter({
  twilio_number: "48726",
  account_sid: process.env.TWILIO_ACCOUNT_SID,
  auth_token: process.env.TWILIO_AUTH_TOKEN,
  validation_url: `${process.env.PUBLIC_URL}/sms`,
});
adapter.api = { messages: { create: async () => ({ sid: "SM0" }) } };

const bot = new Botkit({ webhook_uri: "/sms", adapter, disable_console: true });
const callback = new BotkitConversation("callback", bot);
callback.ask("1 A person calls you\n2 Other services", [], "choice");
callback.ask("Which number should we call?", [], "number");
callback.ask("We can call you on {{vars.number}}. Is that right?\n1 Yes\n2 No", [], "right");
callback.say("OK. We'll call {{vars.number}}.");
bot.addDialog(callback);
bot.on("message", async (worker) => worker.beginDialog("callback"));

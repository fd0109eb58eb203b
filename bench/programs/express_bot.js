// A peer: Express with Twilio's own middleware for signatures, and sessions in Redis.
// Not here: durability, free text, staff. It keeps no promise.
const express = require("express");
const twilio = require("twilio");
const { createClient } = require("redis");

const MENU = "1 A person calls you\n2 Other services";
const WORDS = {
  menu: () => MENU,
  askNumber: () => "Which number should we call?",
  confirm: (number) => `We can call you on ${number}. Is that right?\n1 Yes\n2 No`,
  promised: (number) => `OK. We'll call ${number}.\n${MENU}`,
};

function hear(session, words) {
  const one = words.trim() === "1";
  if (session.state === "askNumber") {
    const digits = words.replace(/\D/g, "");
    if (digits.length === 10) Object.assign(session, { state: "confirm", number: `+1${digits}` });
  } else if (session.state === "confirm") {
    session.state = one ? "promised" : "askNumber";
  } else {
    session.state = one ? "askNumber" : "menu";
  }
}

async function main() {
  const sessions = createClient({ url: process.env.REDIS_URL });
  await sessions.connect();
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  app.post("/sms", twilio.webhook({ url: `${process.env.PUBLIC_URL}/sms` }), async (request, response) => {
    const key = `session:${request.body.From}`;
    const session = JSON.parse((await sessions.get(key)) || '{"state":"menu","number":""}');
    hear(session, request.body.Body);
    await sessions.set(key, JSON.stringify(session), { EX: 3600 });
    const answer = new twilio.twiml.MessagingResponse();
    answer.message(WORDS[session.state](session.number));
    response.type("text/xml").send(answer.toString());
  });
  app.listen(Number(process.env.PORT), "127.0.0.1");
}

main();

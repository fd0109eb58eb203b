"""What English words say about the person: a minor, somebody else's trouble, a phone that is read, an opt-out in plain
words; each with look-alikes that say something else. And danger, by messages that the words were not tuned on.
"""

from pathlib import Path

import pytest

from flows.understand import opt_word, understand

MINOR = """
im 14 / i'm 14 years old / im 14 and my mom hits me / im only 15 and scared / i am in 7th grade / im a kid / im 13yo /
i'm 16, can i call / hi im twelve / i am sixteen years old / im just a kid / i am a minor / i'm in middle school /
im still in high school / 15 f need help / im 17f / im not 18 yet / i just turned 13 / i am an 8th grader /
i go to high school in dorchester / do i need my parents permission / will you tell my mom / please dont tell my parents /
im under 18 is that ok / this is for me im 11
"""
NOT_MINOR = """
my daughter is 14 / my son is 14 years old / when i was 14 / i was 14 when it happened / im 14 minutes away /
im 41 / i am 18 / i am 22 years old / im 16 weeks pregnant / i am 10 blocks from there / i have a kid / i am a kid at heart /
i teach 7th grade / my 16yo needs a social worker / i am on bus 15 / im 5 min away / i am 15 years sober / we are 12 people /
im a teacher at a middle school / my kid is in 6th grade / i have 3 kids and im 39 / the minor key is nice / i am 12 minutes late /
since i was 11 my dad hit me / im 9 months pregnant / i am 10 lbs over
"""
FOR_OTHER = """
my brother says he wants to kill himself / my friend needs a call / calling for my mom / its for my sister /
my friend is suicidal / my roommate wants to die / my daughter is cutting herself / he says he will kill himself /
my best friend texted me that she wants to end her life / a girl i know is suicidal / my little brother needs someone to talk to /
im asking for a friend / this is for my cousin / on behalf of my client / can you call my grandmother /
my coworker needs counseling / how can i help my friend / worried about my son / my uncle overdosed / my neighbor isnt breathing /
not for me its for my aunt / i need help for my brother / someone i know is being hurt / my student wrote a suicide note /
my dad says we'd be better off without him / my son doesn't want to live / can someone talk to her
"""
NOT_FOR_OTHER = """
my husband says he will kill me / my boyfriend is choking me / i want to kill myself / my friend and i need a call /
my friend and i want counseling / me and my brother need help / i need someone to talk to / my dad hits me /
my brother has a gun pointed at me / call me / my ex is coming to kill us / i'm scared of my husband / call my cell /
my husband said he will kill me and then himself / nobody would miss me / my wife hit me and i need help /
i am calling about my rights / i need a call / my boyfriend wants to kill me and himself / my mom died and i need to talk /
i lost my brother / my friend told me about you / my sister gave me this number
"""
UNSAFE_PHONE = """
he reads my texts / he checks my phone / he's watching my phone / not safe to text / he can see my messages /
my husband reads all my messages / my boyfriend goes through my phone / she checks my texts every night / he might see this /
it isnt safe to text me here / my phone isnt safe / there is spyware on my phone / my phone is being monitored /
he has my passcode / he has access to my phone / my mom reads my texts / hes sitting next to me / we share a phone /
someone else reads my phone / dont text back he will see it / he tracks my phone / my ex can see all of my texts /
he looks at what i text / he's looking over my shoulder / texting isnt safe this phone is not private
"""
NOT_UNSAFE_PHONE = """
this isnt my phone / he checks his phone / he is watching tv / do you read my texts / can you see my messages /
my phone isnt working / is it safe to text / it is safe to text / he never reads my texts / he used to check my phone /
she reads her texts in class / he texts me all day / who reads these messages / is this private / my phone died /
dont text and drive its not safe / he cant see my messages / i check my phone at night / he sees my kids on sunday /
he has my money / call my phone / this number is safe / he took my phone
"""
OPT_OUT = """
take me off your list / stop texting me / dont text me anymore / remove me / no more texts please / leave me alone /
please stop texting / stop messaging me / quit texting me / i don't want these texts / i do not want any more messages /
remove my number from your list / take my number off / unsubscribe me please / opt me out / stop sending me messages /
please dont text this number again / i want to unsubscribe / don't message me again / no more messages / lose my number /
stop contacting me / stop bothering me / stop with the texts / do not contact me again / delete my number from your list /
i want to stop getting these texts / stop all messages / how do i stop these messages / pls no more texts / stop it with the texts /
cancel these texts / i didnt sign up for this stop texting me / get me off this list / stop spamming me /
stop fucking texting me
"""
NOT_OPT_OUT = """
make him stop texting me / i want it to stop / stop calling me at work, call my cell / don't call me / please stop him /
he wont leave me alone / my ex wont stop texting me / tell him to stop messaging me / i want him to leave me alone /
how do i get my ex to stop texting me / stop it / the bus stop / he said stop texting me or else / take me off the north star list /
take my brother off the list / cancel my callback / stop the violence / no more calls please / i cant stop crying / help me stop cutting /
remove me from the house / she texts me stop texting her / remove him from my lease / i want to be left alone with my grief /
dont text me call me / dont text call instead / i get no texts anymore / he wants to remove me / opt out of the program / my mom stopped texting me / how do i block his texts
"""


def _phrases(table: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in table.split(" /")]


def _acts(text: str) -> tuple[str, ...]:
    return understand(text).acts


@pytest.mark.parametrize("text", _phrases(MINOR))
def test_a_minor_is_heard(text: str) -> None:
    assert "minor" in _acts(text)


@pytest.mark.parametrize("text", _phrases(NOT_MINOR))
def test_not_every_number_is_the_writers_age(text: str) -> None:
    assert "minor" not in _acts(text)


@pytest.mark.parametrize("text", _phrases(FOR_OTHER))
def test_trouble_of_somebody_else_is_heard(text: str) -> None:
    assert "for_other" in _acts(text)


@pytest.mark.parametrize("text", _phrases(NOT_FOR_OTHER))
def test_who_is_in_trouble_too_does_not_write_for_somebody_else(text: str) -> None:
    assert "for_other" not in _acts(text)


@pytest.mark.parametrize("text", _phrases(UNSAFE_PHONE))
def test_a_phone_that_is_read_is_heard(text: str) -> None:
    assert "unsafe_phone" in _acts(text)


@pytest.mark.parametrize("text", _phrases(NOT_UNSAFE_PHONE))
def test_not_every_word_of_phones_is_a_warning(text: str) -> None:
    assert "unsafe_phone" not in _acts(text)


@pytest.mark.parametrize("text", _phrases(OPT_OUT))
def test_opting_out_in_plain_words(text: str) -> None:
    assert understand(text).labels[0] == "stop"
    assert opt_word(text) is None


@pytest.mark.parametrize("text", _phrases(NOT_OPT_OUT))
def test_stop_is_said_of_many_things(text: str) -> None:
    assert "stop" not in understand(text).labels


def _aside(danger: bool) -> list[bool]:
    """Whether danger was seen, in each message that the English words were not tuned on."""
    lines = Path(__file__).with_name("danger_en.psv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if not line.startswith("#")]
    return [understand(text).danger for _, text, _, flag, _ in rows if (flag == "1") is danger]


def test_english_danger_that_was_not_tuned_on_is_seen() -> None:
    seen = _aside(danger=True)
    assert sum(seen) / len(seen) >= 0.94


def test_figures_of_speech_and_the_past_raise_few_alarms() -> None:
    seen = _aside(danger=False)
    assert sum(seen) / len(seen) <= 0.08

"""The pattern language as TestEventPattern shows it (scenarios 1 to 12; for 13 and every text of 11 see emulator/bus/rule_matcher_test.cpp and
pattern_test.cpp, for 14 tests/bench/rules.py)."""
import json

import pytest

from event_support import error_of, world  # noqa: F401


def test_patterns_can_be_tested(world):
    event = {"id": "1", "account": "1", "source": "s", "time": "t", "region": "r", "detail-type": "d", "detail": {"n": 300.0}}
    test = world.events.test_event_pattern
    assert test(EventPattern='{"detail":{"n":[300]}}', Event=json.dumps(event))["Result"] is True
    assert test(EventPattern='{"detail":{"n":["300"]}}', Event=json.dumps(event))["Result"] is False
    del event["account"]
    assert error_of(test, EventPattern='{"a":["b"]}', Event=json.dumps(event)) == ("ValidationException", "Parameter Event is not valid.")


ENVELOPE = {"id": "1", "account": "1", "source": "s", "time": "t", "region": "r", "detail-type": "d"}


def test_what_testing_a_pattern_refuses(world):
    test = world.events.test_event_pattern
    not_valid = ("ValidationException", "Parameter Event is not valid.")
    for event in ("{", "[]", '"x"', "", *(json.dumps({k: v for k, v in ENVELOPE.items() if k != gone}) for gone in ENVELOPE)):
        assert error_of(test, EventPattern='{"a":["b"]}', Event=event) == not_valid, event
    # `resources` and `detail` are not asked for.
    assert test(EventPattern='{"source":["s"]}', Event=json.dumps(ENVELOPE))["Result"] is True
    code, text = error_of(test, EventPattern='{"a":[{"like":"b"}]}', Event=json.dumps(ENVELOPE))
    assert code == "InvalidEventPatternException" and text.startswith("Event pattern is not valid. Reason: Unrecognized match type like\n at [Source: (String)")
    code, text = error_of(test, EventPattern='{"a":["b"]}')
    assert code == "ValidationException" and "Value null at 'event' failed to satisfy constraint: Member must not be null" in text


@pytest.mark.parametrize(
    "pattern, matching, others",
    [
        ('{"detail":{"n":[300]}}', ["300", "300.0", "3.0e2"], ['"300"', "301", "null"]),
        ('{"detail":{"n":[9007199254740993]}}', ["9007199254740993"], ["9007199254740992"]),
        ('{"detail":{"n":[12345678901234567890]}}', ["12345678901234567890"], ["12345678901234567891", "12345678901234567890.0"]),
        ('{"detail":{"n":[{"prefix":""}]}}', ['""', '"x"'], ["1", "null"]),
        ('{"detail":{"n":[{"exists":true}]}}', ["null", "[1]"], ["{}", "[]", '{"a":1}']),
        ('{"detail":{"n":[{"exists":false}]}}', ["{}", "[]", '{"a":1}'], ["null", "[1]"]),
        ('{"detail":{"n":[{"anything-but":["a"]}]}}', ['["a","b"]', "null"], ['["a"]', '"a"', "{}"]),
        ('{"detail":{"n":{"f":["Anna"],"l":["Jones"]}}}', ['[{"f":"Anna","l":"Jones"}]'], ['[{"f":"Anna","l":"Smith"},{"f":"Peter","l":"Jones"}]', '[[{"f":"Anna"},{"l":"Jones"}]]']),
        ('{"detail.n":["x"]}', ['"x"', '["x"]'], ['"y"']),
        ('{"detail":{"n":{"tags":["a"],"k":["v"]}}}', ['{"tags":["b","a"],"k":"v"}'], ['{"tags":["b"],"k":"v"}']),
        ('{"detail":{"n":{"d":{"a":[{"exists":true}],"b":[{"exists":false}]}}}}', ['{"d":[{"a":1},{"a":2,"b":3}]}'], ['{"d":[{"a":2,"b":3}]}']),
        ('{"detail":{"n":[{"cidr":"10.0.0.0/24"}]}}', ['"10.0.0.0"', '"10.0.0.255"'], ['"10.0.1.0"', '"9.255.255.255"']),
        ('{"detail":{"n":["2001:db8::1"]}}', ['"2001:0db8:0:0:0:0:0:1"'], ['"2001:db8::2"']),
        ('{"detail":{"n":[{"wildcard":"a\\\\*b*"}]}}', ['"a*b"', '"a*bc"'], ['"axb"', '"ab"']),
        ('{"detail":{"n":[{"equals-ignore-case":"ÉCOLE"}]}}', ['"école"', '"École"'], ['"ecole"']),
        ('{"detail":{"n":["x"],"n":["y"]}}', ['"y"'], ['"x"']),
        ('{"$or":[{"detail":{"n":[1]}},{"source":["other"]}]}', ["1"], ["2"]),
    ],
)
def test_the_language(world, pattern, matching, others):
    for values, expected in ((matching, True), (others, False)):
        for value in values:
            event = json.dumps(ENVELOPE)[:-1] + ',"detail":{"n":%s}}' % value
            assert world.events.test_event_pattern(EventPattern=pattern, Event=event)["Result"] is expected, (pattern, value)

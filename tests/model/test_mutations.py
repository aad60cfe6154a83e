"""The tests of the model notice each mutation that no program of the library tells."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from noticing import fails, notices, test_named

from negotiation.conformance.mutations import BEYOND_PROGRAMS, MUTATIONS
from negotiation.model import Specification, ice_servers

HERE = Path(__file__).parent

NOTICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("test_ice_servers.py", "test_the_first_server_that_is_wrong_decides"): (
        "ice_servers_errors/syntax-before-credentials",
    ),
    ("test_methods.py", "test_a_candidates_fragment_is_looked_for_in_its_own_section"): (
        "is_of_another_generation/bundled-sections-have-none",
        "is_of_another_generation/in-any-section",
    ),
    ("test_methods.py", "test_add_and_remove_track_change_the_directions_that_they_name"): (
        "reuse_for_track/stopped-begins-to-send",
        "without_track/stopped-becomes-inactive",
    ),
    (
        "test_methods.py",
        "test_either_the_mid_or_the_index_of_a_candidate_is_of_a_stopped_transceiver",
    ): (
        "is_for_a_stopped_transceiver/by-the-index-alone",
        "is_for_a_stopped_transceiver/by-the-mid-alone",
        "is_for_a_stopped_transceiver/while-it-is-in-the-set",
    ),
    ("test_methods.py", "test_ids_of_channels_are_known_until_data_was_answered"): (
        "may_channel_fail/always-false",
        "note_data_channel_ids/by-any-answer",
        "note_data_channel_ids/not-by-a-provisional-answer",
        "note_data_channel_ids/skipped",
        "note_data_channel_ids/until-data-is-rejected",
        "note_data_channel_ids/with-the-offer",
    ),
    ("test_methods.py", "test_a_candidate_for_a_rejected_section_may_be_refused"): (
        "may_have_no_component/always-false",
    ),
    ("test_methods.py", "test_a_fragment_of_a_description_that_was_applied_before"): (
        "is_of_another_generation/only-those-of-now",
    ),
    ("test_credentials.py", "test_an_answer_may_keep_what_its_provisional_answer_restarted_with"): (
        "provisional_credentials/empty",
    ),
    ("test_credentials.py", "test_an_answer_to_an_offer_that_replaced_a_restart"): (
        "may_answer_restart_ice/always-false",
    ),
    ("test_credentials.py", "test_other_servers_are_remembered_until_new_credentials_are_set"): (
        "are_credentials_new/always-false",
        "are_credentials_new/always-true",
    ),
    ("test_methods.py", "test_set_parameters_may_fail_for_other_reasons"): (
        "are_parameters_refused/never-later",
    ),
    ("test_offers.py", "test_an_answer_restarts_only_where_its_offer_does"): (
        "represents_the_state/answers-may-restart",
    ),
    ("test_offers.py", "test_a_created_offer_with_a_restart_represents_the_state"): (
        "represents_the_state/not-with-a-restart",
        "represents_the_state/whatever-the-credentials",
    ),
    ("test_offers.py", "test_a_section_that_a_local_answer_rejected_in_the_next_offer"): (
        "may_be_recycled/always-true",
        "may_be_recycled/only-without-a-transceiver",
    ),
    ("test_offers.py", "test_streams_that_were_told_stay_in_offers_and_in_answers"): (
        "answered_section/with-streams-as-they-are-now",
        "offered_section/with-the-new-streams",
    ),
    ("test_rollback.py", "test_the_check_asks_for_the_jsep_mid"): (
        "associated_section/by-the-mid-that-it-shows",
    ),
    ("test_offers.py", "test_sdp_has_no_word_for_stopped"): ("written_direction/as-it-is",),
    ("test_rollback.py", "test_a_recycled_section_takes_the_jsep_mid_and_no_other"): (
        "disassociate_recycled/skipped",
    ),
    (
        "test_rollback.py",
        "test_a_section_that_the_replaced_offer_rejected_is_recycled_too",
    ): ("disassociate_recycled/only-what-is-current",),
    (
        "test_rollback.py",
        "test_what_a_pending_offer_associated_again_is_disassociated_by_its_rollback",
    ): ("remember_stable_state/the-mid-that-is-shown",),
}
"""Which test notices which mutations."""

EACH = [(*test, name) for test, names in NOTICES.items() for name in names]


@pytest.mark.parametrize(("file", "test", "name"), EACH)
def test_a_mutation_that_no_program_tells_is_noticed(file: str, test: str, name: str) -> None:
    assert notices(test_named(HERE / file, test), MUTATIONS[name].specification)


def test_all_of_them_are_noticed() -> None:
    """What is missing here needs a test of its own."""
    assert sorted(name for _, _, name in EACH) == sorted(BEYOND_PROGRAMS)


@pytest.mark.parametrize(("file", "test"), NOTICES)
def test_what_notices_passes_as_long_as_nothing_is_broken(file: str, test: str) -> None:
    assert not notices(test_named(HERE / file, test), Specification)


LOOK_AT = ice_servers._host_and_port_errors
NONE = "test_a_url_that_is_none_is_refused"
TAKEN = "test_a_url_with_a_host_and_perhaps_a_port_is_taken"
CARRIED = "test_turn_needs_credentials_that_its_protocol_can_carry"

BROKEN: dict[str, tuple[str, object, str]] = {
    "neither host nor port is looked at": (
        "_host_and_port_errors",
        lambda path: ice_servers.TAKEN,
        NONE,
    ),
    "no port is looked at": (
        "_host_and_port_errors",
        lambda path: LOOK_AT(path.rpartition(":")[0] or path),
        NONE,
    ),
    "a port may be one larger": ("LARGEST_PORT", 65536, NONE),
    "a port must be one smaller": ("LARGEST_PORT", 65534, TAKEN),
    "a username may be one byte longer": ("LONGEST_USERNAME", 509, CARRIED),
    "a username must be one byte shorter": ("LONGEST_USERNAME", 507, CARRIED),
    "any text is a credential": ("_is_opaque", lambda text: True, CARRIED),
    "STUN needs credentials, too": ("TURN", ("turn", "turns", "stun"), "test_stun_needs_none"),
    "TLS is a transport": ("TRANSPORTS", (*ice_servers.TRANSPORTS, "transport=tls"), NONE),
    "an empty query is none": ("TRANSPORTS", (*ice_servers.TRANSPORTS, ""), NONE),
}
"""Parts of "validate an ICE server URL", each broken: what, how, and the test that notices."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_part_of_the_urls_is_noticed(name: str) -> None:
    attribute, broken, test = BROKEN[name]
    noticing = test_named(HERE / "test_ice_servers.py", test)
    assert not fails(noticing)
    with patch.object(ice_servers, attribute, broken):
        assert fails(noticing)

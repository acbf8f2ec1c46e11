"""What every counter of requests must do; tests of each kind inherit it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

from cases.edge.ratelimit.plans import Window

MINUTE, HOUR = Window("minute", 3, 60), Window("hour", 5, 3_600)
_clients = count()


def new_client():
    """A name that no other test counts by."""
    return f"client-{next(_clients)}"


def used(taken):
    return [found.used for found in taken.counts]


class CountsExactly:
    """A subclass has the fixtures `counter`, and `later(client, seconds)`, which lets time pass
    for a client. Real time goes on too, so seconds are compared with room for a minute."""

    def test_a_window_has_room_for_so_many_and_begins_anew_when_it_is_over(self, counter, later):
        client, windows = new_client(), (HOUR,)
        for expected in range(1, 6):
            taken = counter.take(client, windows)
            assert (taken.allowed, used(taken)) == (True, [expected])
            assert 3_500 < taken.counts[0].resets_in <= 3_600
        refused = counter.take(client, windows)
        assert (refused.allowed, used(refused)) == (False, [5])
        later(client, 3_000)
        assert not counter.take(client, windows).allowed
        later(client, 600)
        assert used(counter.take(client, windows)) == [1]

    def test_what_one_window_refuses_no_other_one_counts(self, counter, later):
        client, windows = new_client(), (MINUTE, HOUR)
        for _ in range(3):
            assert counter.take(client, windows).allowed
        for _ in range(9):
            assert not counter.take(client, windows).allowed
        assert used(counter.take(client, windows, 0)) == [3, 3]
        later(client, 60)
        allowed = [counter.take(client, windows).allowed for _ in range(3)]
        assert allowed == [True, True, False]
        last = counter.take(client, windows, 0)
        assert used(last) == [2, 5]
        assert 3_400 < last.counts[1].resets_in <= 3_540

    def test_to_look_costs_nothing_and_begins_no_window(self, counter):
        client = new_client()
        for _ in range(9):
            looked = counter.take(client, (MINUTE, HOUR), 0)
            assert (looked.allowed, used(looked)) == (True, [0, 0])
            assert [round(found.resets_in) for found in looked.counts] == [60, 3_600]

    def test_clients_are_counted_apart(self, counter):
        client = new_client()
        for _ in range(5):
            counter.take(client, (HOUR,))
        assert not counter.take(client, (HOUR,)).allowed
        assert counter.take(new_client(), (HOUR,)).allowed

    def test_many_threads_at_once_get_what_there_is_and_no_more(self, counter):
        client, window = new_client(), Window("hour", 150, 3_600)
        with ThreadPoolExecutor(16) as pool:
            taken = list(pool.map(lambda _: counter.take(client, (window,)), range(600)))
        allowed = [used(found)[0] for found in taken if found.allowed]
        assert sorted(allowed) == list(range(1, 151))

    def test_an_overdraft_is_counted_and_paid_back_by_time(self, counter):
        client, windows = new_client(), (Window("hour", 10, 3_600),)
        assert counter.take(client, windows, 8).allowed
        overdrawn = counter.take(client, windows, 12, overdraw=True)
        assert (overdrawn.allowed, used(overdrawn)) == (True, [20])
        assert 7_100 < overdrawn.counts[0].resets_in <= 7_200
        refused = counter.take(client, windows)
        assert (refused.allowed, used(refused)) == (False, [20])
        # What is given back makes it end earlier.
        given_back = counter.take(client, windows, -15, overdraw=True)
        assert (given_back.allowed, used(given_back)) == (True, [5])
        assert 3_500 < given_back.counts[0].resets_in <= 3_600
        assert used(counter.take(client, windows)) == [6]

    def test_what_is_given_back_to_a_window_that_is_over_is_no_credit(self, counter):
        client = new_client()
        taken = counter.take(client, (HOUR,), -7, overdraw=True)
        assert (taken.allowed, used(taken)) == (True, [0])
        assert used(counter.take(client, (HOUR,))) == [1]

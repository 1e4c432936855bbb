"""Every metric of the runtime, by name and unit. Without an SDK behind the API they cost next to nothing."""

from __future__ import annotations

from opentelemetry import metrics

_meter = metrics.get_meter("autodev")

SENT = _meter.create_counter("messaging.client.sent.messages", "{message}", "Records that the broker acknowledged")
CONSUMED = _meter.create_counter("messaging.client.consumed.messages", "{message}", "Records read from the broker")
PROCESS_DURATION = _meter.create_histogram("messaging.process.duration", "s", "Time to handle one batch")
EVENT_AGE = _meter.create_histogram("autodev.event.age", "s", "From its oldest event's time to a batch's handling")
CONSUMER_LAG = _meter.create_gauge("autodev.consumer.lag", "{message}", "Records not yet processed, per partition")
DEAD_LETTERS = _meter.create_counter("autodev.dead_letters", "{message}", "Records given up, per consumer group")
PARTITION_STOPPED = _meter.create_gauge(
    "autodev.consumer.stopped", "{partition}", "1 while a limit of dead letters has stopped the partition"
)
OUTBOX_PENDING = _meter.create_gauge("autodev.outbox.pending", "{message}", "Outbox rows not yet published")
OUTBOX_OLDEST = _meter.create_gauge("autodev.outbox.oldest_age", "s", "Age of the oldest unpublished outbox row")
SANDBOX_RUNS = _meter.create_counter("autodev.sandbox.runs", "{run}", "Isolated runs, by verdict")
SANDBOX_QUEUE_WAIT = _meter.create_histogram(
    "autodev.sandbox.queue_wait", "s", "Waited for a free isolation, or for room in the tenant's quota"
)
SANDBOX_TAKE = _meter.create_histogram("autodev.sandbox.take", "s", "Time to get one isolation, started ahead or not")
SANDBOX_OVERSHOOT = _meter.create_histogram(
    "autodev.sandbox.kill_overshoot", "s", "From a passed deadline to the end of what was killed for it"
)
SANDBOX_REFUSALS = _meter.create_counter(
    "autodev.sandbox.refusals", "{candidate}", "Candidates refused without a run, by reason"
)
SANDBOX_DURATION = _meter.create_histogram("autodev.sandbox.duration", "s", "Wall time of one isolated run")
CANDIDATES_TRIED = _meter.create_counter("autodev.candidates.tried", "{candidate}", "Candidates proposed, by operator")

package io.penstock.jobs.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LeaseTest {
  private static final String KEY = "locks/people.json";
  private static final Lease.Timing TIMING =
      new Lease.Timing(Duration.ofMillis(600), Duration.ofMillis(50), Duration.ofMillis(20));

  private final MemoryStore store = new MemoryStore();

  private Lease acquire(String runId) throws IOException {
    return Lease.acquire(store, KEY, "people", runId, TIMING);
  }

  private String content() throws IOException {
    return new String(store.read(KEY).orElse(new byte[0]), UTF_8);
  }

  @Test
  void isFreeAgainOnceItIsClosed() throws IOException {
    try (Lease first = acquire("first")) {
      assertThat(content()).contains("\"runId\":\"first\"");
    }
    assertThat(store.read(KEY)).isEmpty();
    try (Lease second = acquire("second")) {
      assertThat(content()).contains("\"runId\":\"second\"");
    }
  }

  @Test
  void aContenderIsRefusedWhileTheHolderRenews() throws IOException {
    try (Lease first = acquire("first")) {
      assertThatThrownBy(() -> acquire("second"))
          .isInstanceOfSatisfying(
              PenstockException.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_HELD);
                assertThat(refused.reason()).contains("run first");
              });
      assertThat(content()).contains("\"runId\":\"first\"");
    }
  }

  @Test
  void theLeaseOfADeadHolderIsTakenOnceItExpires() throws IOException {
    store.put(KEY, "{\"holder\":\"dead\",\"runId\":\"killed\",\"renewal\":7}".getBytes(UTF_8));
    long begin = System.nanoTime();

    try (Lease next = acquire("next")) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThanOrEqualTo(TIMING.expiry());
      assertThat(content()).contains("\"runId\":\"next\"");
    }
  }

  @Test
  void ofTwoThatFindItExpiredOneGetsIt() throws Exception {
    store.put(KEY, "{\"holder\":\"dead\",\"runId\":\"killed\",\"renewal\":7}".getBytes(UTF_8));
    // whoever deletes first does so only after the other has put its own lease there
    store.beforeNextDelete(this::awaitNewLease);
    List<String> outcomes = new CopyOnWriteArrayList<>();
    CountDownLatch decided = new CountDownLatch(2);
    List<Thread> contenders =
        List.of(contender("one", outcomes, decided), contender("two", outcomes, decided));
    contenders.forEach(Thread::start);
    for (Thread contender : contenders) {
      contender.join();
    }

    assertThat(outcomes).containsExactlyInAnyOrder("holds", "TARGET_HELD");
  }

  private Thread contender(String runId, List<String> outcomes, CountDownLatch decided) {
    return new Thread(
        () -> {
          try (Lease lease = acquire(runId)) {
            outcomes.add("holds");
            decided.countDown();
            decided.await();
          } catch (PenstockException refused) {
            outcomes.add(refused.code().name());
            decided.countDown();
          } catch (IOException | InterruptedException failure) {
            outcomes.add(failure.toString());
            decided.countDown();
          }
        });
  }

  private void awaitNewLease() {
    try {
      for (int i = 0; i < 500 && content().contains("dead"); i++) {
        Thread.sleep(10);
      }
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void aHolderThatLostItsLeaseLeavesTheNewOneAlone() throws IOException {
    try (Lease first = acquire("first")) {
      store.put(KEY, "{\"holder\":\"other\",\"runId\":\"other\",\"renewal\":0}".getBytes(UTF_8));
    }

    assertThat(content()).contains("\"holder\":\"other\"");
  }

  @Test
  void outlivesAStoreThatIsUnreachableForAWhile() throws Exception {
    try (Lease first = acquire("first")) {
      String before = content();
      store.reachable(false);
      Thread.sleep(150);
      store.reachable(true);
      for (int i = 0; i < 100 && content().equals(before); i++) {
        Thread.sleep(20);
      }
      assertThat(content()).contains("\"runId\":\"first\"").isNotEqualTo(before);
    }
  }
}

package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
  private final SlabPool pool = new SlabPool();

  @Test
  void aReleasedBufferIsUsedAgain() {
    ByteBuffer first = pool.allocate(1000);
    first.put((byte) 1);
    pool.release(first);

    ByteBuffer second = pool.allocate(900);

    assertThat(second.array()).isSameAs(first.array());
    assertThat(second.position()).isZero();
    assertThat(second.limit()).isEqualTo(900);
  }

  @Test
  void aBufferThatIsReleasedTwiceIsLentOnce() {
    ByteBuffer buffer = pool.allocate(1024);
    pool.release(buffer);
    pool.release(buffer);

    assertThat(pool.allocate(1024).array()).isSameAs(buffer.array());
    assertThat(pool.allocate(1024).array()).isNotSameAs(buffer.array());
  }

  @Test
  void aReleaseThatComesAgainLaterDoesNotEndTheNextLoan() {
    ByteBuffer first = pool.allocate(1024);
    pool.release(first);
    ByteBuffer second = pool.allocate(1024);
    pool.release(first);

    assertThat(second.array()).isSameAs(first.array());
    assertThat(pool.allocate(1024).array()).isNotSameAs(second.array());
  }
}

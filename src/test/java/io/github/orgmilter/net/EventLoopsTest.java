package io.github.orgmilter.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.net.EventLoops.Loop;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A new connection")
final class EventLoopsTest {

    private final EventLoopGroup group = Transport.NIO.newEventLoops(3);
    private final EventLoops loops = new EventLoops(group);

    @AfterEach
    void stop() {
        loops.stop();
    }

    @Test
    @DisplayName("stays on the event loop that accepted it, if no other has fewer")
    void accepting() {
        for (int i = 0; i < 3; i++) {
            EventLoop accepting = group.next();
            Loop loop = loops.take(accepting);
            assertThat(loop.executor()).isSameAs(accepting);
            loop.connections().decrementAndGet();
        }
    }

    @Test
    @DisplayName("goes to the event loop that has the fewest")
    void fewest() {
        EventLoop accepting = group.next();
        List<Loop> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add(loops.take(accepting));
        }
        assertThat(all).extracting(loop -> loop.connections().get()).containsOnly(10);
        Loop left = all.get(1);
        left.connections().addAndGet(-5);
        for (int i = 0; i < 5; i++) {
            assertThat(loops.take(accepting)).isSameAs(left);
        }
        assertThat(loops.take(accepting).executor()).isSameAs(accepting);
    }
}

package dev.linnet.net.inet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.TestSocks.TestSock;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.TcpState;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InetEhashTest {
    private final TestSocks socks = new TestSocks(1);
    private final InetEhash ehash = new InetEhash(0x1234567890abcdefL);

    private TestSock connection(int n) {
        String foreign = "10." + (n >> 16 & 255) + "." + (n >> 8 & 255) + "." + (n & 255);
        return socks.connection(Af.AF_INET, "192.0.2.1", 80, foreign, 1024 + n % 60000);
    }

    private SockCommon lookup(TestSock sk) {
        return ehash.lookup(
                sk.rcvSaddrHi, sk.rcvSaddrLo, sk.num, sk.daddrHi, sk.daddrLo, sk.dport, 1);
    }

    @Test
    void whatIsInIsFoundAndNothingElse() {
        List<TestSock> all = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            TestSock sk = connection(i);
            assertThat(ehash.insert(sk, null)).isTrue();
            all.add(sk);
        }
        assertThat(ehash.size()).isEqualTo(20_000);
        for (TestSock sk : all) {
            assertThat(lookup(sk)).isSameAs(sk);
        }
        for (int i = 0; i < all.size(); i += 2) {
            assertThat(ehash.remove(all.get(i))).isTrue();
            assertThat(ehash.remove(all.get(i))).isFalse();
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(lookup(all.get(i))).isSameAs(i % 2 == 0 ? null : all.get(i));
        }
        List<SockCommon> seen = new ArrayList<>();
        ehash.forEach(seen::add);
        assertThat(seen).hasSize(10_000).doesNotHaveDuplicates();
    }

    @Test
    void anInterfaceToWhichASocketIsBoundMustMatch() {
        TestSock sk = connection(1);
        sk.boundDevIf = 2;
        ehash.insert(sk, null);
        assertThat(lookup(sk)).isNull();
        sk.boundDevIf = 1;
        assertThat(lookup(sk)).isSameAs(sk);
    }

    @Test
    void aRequestIsReplacedOnceOnly() {
        TestSock request = connection(1);
        TestSock child = connection(1);
        TestSock late = connection(1);
        ehash.insert(request, null);
        assertThat(ehash.insert(child, request)).isTrue();
        assertThat(ehash.insert(late, request)).isFalse();
        assertThat(lookup(request)).isSameAs(child);
        assertThat(ehash.size()).isOne();
    }

    @Test
    void duplicatesAreFound() {
        TestSock first = connection(1);
        TestSock second = connection(1);
        assertThat(ehash.insertUnlessFound(first)).isNull();
        assertThat(ehash.insertUnlessFound(second)).isSameAs(first);
        ehash.remove(first);
        assertThat(ehash.insertUnlessFound(second)).isNull();
    }

    @Test
    void aConnectingSockTakesTheQuadrupleOfATimewaitRemainIfItsProtocolSaysSo() {
        TestSock old = connection(1);
        InetTimewaitSock tw = new InetTimewaitSock(socks.net, Af.AF_INET);
        tw.rcvSaddrLo = old.rcvSaddrLo;
        tw.num = old.num;
        tw.daddrLo = old.daddrLo;
        tw.dport = old.dport;
        ehash.insert(tw, null);
        TestSock next = connection(1);
        next.num = 0;
        InetTimewaitSock[] reused = new InetTimewaitSock[1];
        assertThat(ehash.insertConnecting(next, 80, true, reused)).isFalse();
        assertThat(next.num).isZero();
        socks.proto.reuseTimewait = true;
        assertThat(ehash.insertConnecting(next, 80, true, reused)).isTrue();
        assertThat(reused[0]).isSameAs(tw);
        assertThat(lookup(old)).isSameAs(next);
        assertThat(tw.hashed).isFalse();
    }

    /// Entries that stay must always be found, however wildly others come and go and the table
    /// grows meanwhile.
    @Test
    void readersWithoutALockMissNothing() throws InterruptedException {
        List<TestSock> staying = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            TestSock sk = connection(i);
            ehash.insert(sk, null);
            staying.add(sk);
        }
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<String> miss = new AtomicReference<>();
        Thread reader =
                new Thread(
                        () -> {
                            for (int i = 0; !stop.get(); i = (i + 1) % staying.size()) {
                                if (lookup(staying.get(i)) != staying.get(i)) {
                                    miss.set("entry " + i + " was not found");
                                    return;
                                }
                            }
                        });
        reader.start();
        churn();
        stop.set(true);
        reader.join();
        assertThat(miss.get()).isNull();
    }

    private void churn() {
        SplittableRandom random = new SplittableRandom(3);
        TestSock[] guests = new TestSock[30_000];
        for (int round = 0; round < 200_000; round++) {
            int i = random.nextInt(guests.length);
            if (guests[i] == null) {
                guests[i] = connection(1000 + i);
                guests[i].state = TcpState.TCP_ESTABLISHED;
            }
            if (guests[i].hashed) {
                ehash.remove(guests[i]);
            } else {
                // The same object comes back elsewhere, which is what can lead a reader astray.
                guests[i].dport = 1 + random.nextInt(65_000);
                ehash.insert(guests[i], null);
            }
        }
    }
}

package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.uapi.Af;
import dev.linnet.wire.In6Addr;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SynCookiesTest {
    private final TestNet test = new TestNet();
    private final TcpSock listener = test.sock();
    private final SynCookies cookies = SynCookies.OF.of(test.net);

    private RequestSock request(int peer, int port) {
        RequestSock req = new RequestSock(test.net, Af.AF_INET, listener);
        req.rcvSaddrLo = In6Addr.mapV4(0xC0000201);
        req.num = 80;
        req.daddrLo = In6Addr.mapV4(peer);
        req.dport = port;
        return req;
    }

    @Test
    void aCookieGivesTheMssBackForTwoMinutes() {
        RequestSock req = request(0xC6336401, 4000);
        for (int index = 0; index < 4; index++) {
            int minute = 0x7FFFFE;
            int cookie = cookies.cookie(req, 12345, minute, index);
            assertThat(cookies.index(req, cookie, 12345, minute)).isEqualTo(index);
            assertThat(cookies.index(req, cookie, 12345, minute + 1)).isEqualTo(index);
            assertThat(cookies.index(req, cookie, 12345, minute + 2)).isEqualTo(-1);
        }
    }

    @Test
    void whoGuessesFails() {
        RequestSock req = request(0xC6336401, 4000);
        int cookie = cookies.cookie(req, 1, 5, 2);
        SplittableRandom random = new SplittableRandom(4);
        int believed = 0;
        for (int i = 0; i < 100_000; i++) {
            believed += good(req, random.nextInt(), 1) + good(request(i, 4000), cookie, 1);
        }
        // A guess succeeds with a chance of 2 minutes * 4 sizes / 2^32.
        assertThat(believed).isZero();
        assertThat(good(request(0xC6336401, 4001), cookie, 1)).isZero();
        assertThat(good(req, cookie, 99)).isZero();
        assertThat(good(req, cookie, 1)).isOne();
    }

    private int good(RequestSock req, int cookie, int isn) {
        int index = cookies.index(req, cookie, isn, 5);
        return index >= 0 && index < 4 ? 1 : 0;
    }

    @Test
    void theTimestampCarriesTheOptionsAndIsNeverInTheFuture() {
        for (long now = 1_000_000_000L; now < 1_400_000_000L; now += 1_000_000) {
            RequestSock req = request(1, 1);
            req.wscaleOk = now % 3 != 0;
            req.sndWscale = (int) (now / 1_000_000 % 15);
            req.sackOk = now % 2 == 0;
            long ts = SynCookies.initTimestamp(req, now);
            assertThat(ts).isBetween(now - 128_000_000, now);
            TcpOptionsReceived opt = new TcpOptionsReceived();
            opt.sawTstamp = true;
            opt.rcvTsecr = (int) (ts / 1_000_000);
            assertThat(SynCookies.decodeTimestamp(test.net, opt)).isTrue();
            assertThat(opt.wscaleOk).isEqualTo(req.wscaleOk);
            assertThat(opt.sackOk != 0).isEqualTo(req.sackOk);
            assertThat(opt.sndWscale).isEqualTo(req.wscaleOk ? req.sndWscale : 0);
        }
    }

    @Test
    void optionsThatAreOffMakeAForgedTimestampUseless() {
        test.net.sysctl.write("net.ipv4.tcp_sack", "0");
        TcpOptionsReceived opt = new TcpOptionsReceived();
        opt.sawTstamp = true;
        opt.rcvTsecr = 1 << 4 | 0xF;
        assertThat(SynCookies.decodeTimestamp(test.net, opt)).isFalse();
    }
}

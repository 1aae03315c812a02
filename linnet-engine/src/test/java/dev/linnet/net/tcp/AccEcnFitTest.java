package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.wire.OptionList;
import dev.linnet.wire.TcpOptions;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Room for the accurate ECN option: 2 bytes and 3 for each counter, aligned unless the odd bytes
/// find a place in another option's padding (RFC 9768 section 3.2.3.3).
class AccEcnFitTest {
    @ParameterizedTest
    @CsvSource({
        // room, saving -> counters, bytes
        "28, 0, 3, 12",
        "12, 0, 3, 12",
        "8, 0, 2, 8",
        "4, 0, 0, 4",
        "4, 2, 1, 4",
        "4, 1, 1, 4",
        "0, 2, 0, 0",
        "8, 2, 2, 8",
    })
    void asManyCountersAsFit(int room, int saving, int counters, int bytes) {
        int fit = AccEcnFit.fit(0, 0, room, saving);
        assertThat(AccEcnFit.counters(fit)).isEqualTo(counters);
        assertThat(AccEcnFit.bytes(fit)).isEqualTo(bytes);
    }

    @Test
    void withoutRoomThereIsNone() {
        assertThat(AccEcnFit.fit(0, 0, 0, 0)).isEqualTo(AccEcnFit.NONE);
        assertThat(AccEcnFit.fit(2, 3, 4, 2)).isEqualTo(AccEcnFit.NONE);
    }

    /// With timestamps and three SACK blocks no counter fits; one block goes for those that are due.
    @Test
    void aSackBlockGivesWayToCountersThatAreWanted() {
        int fit = AccEcnFit.fit(3, 1, 0, AccEcnFit.SAVED_BY_SACK);
        assertThat(AccEcnFit.sackBlocks(fit)).isEqualTo(2);
        assertThat(AccEcnFit.counters(fit)).isEqualTo(2);
        assertThat(AccEcnFit.bytes(fit)).isEqualTo(0);
    }

    @Property
    void neverMoreThanThereIsRoomFor(
            @ForAll @IntRange(max = 4) int blocks,
            @ForAll @IntRange(max = 3) int required,
            @ForAll @IntRange(max = 10) int words,
            @ForAll @IntRange(max = 2) int saving) {
        int room = words * 4;
        int fit = AccEcnFit.fit(blocks, required, room, saving);
        if (fit == AccEcnFit.NONE) {
            return;
        }
        assertThat(AccEcnFit.bytes(fit)).isLessThanOrEqualTo(room);
        assertThat(AccEcnFit.bytes(fit) % 4).isZero();
        assertThat(AccEcnFit.counters(fit)).isBetween(required, 3);
        assertThat(AccEcnFit.sackBlocks(fit)).isBetween(Math.min(blocks, 2), blocks);
    }

    @Test
    void countersStandInTheOrderOfTheirUse() {
        byte[] b = new byte[12];
        int end = AccEcnFit.write(b, 0, 3, new int[] {10, 20, 30}); // ECT(1), ECT(0), CE
        assertThat(end).isEqualTo(11);
        assertThat(OptionList.kind(b, 0)).isEqualTo(TcpOptions.ACCECN1);
        assertThat(OptionList.bytes(b, 0)).isEqualTo(11);
        assertThat(TcpOptions.accEcnCounter(b, 0, 0)).isEqualTo(11);
        assertThat(TcpOptions.accEcnCounter(b, 0, 1)).isEqualTo(30);
        assertThat(TcpOptions.accEcnCounter(b, 0, 2)).isEqualTo(21);
    }
}

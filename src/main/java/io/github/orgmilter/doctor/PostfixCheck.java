package io.github.orgmilter.doctor;

import io.github.orgmilter.wiring.Findings;
import java.io.IOException;

/** Looks at one side of a Postfix that is put together with OrgMilter. */
interface PostfixCheck {

    /**
     * Adds what it finds.
     *
     * @throws IOException if a tool of the MTA cannot be run or does not end; the report says so then
     */
    void look(PostfixExamination at, Findings findings) throws IOException;
}

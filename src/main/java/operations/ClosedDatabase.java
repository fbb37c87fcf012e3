package operations;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.h2.api.ErrorCode;

/**
 * Makes the pool let go of an H2 that closed itself, as it does when its disk is full: the next connection opens it
 * again. To the pool the old ones look well, since H2's error codes are its own.
 */
public final class ClosedDatabase implements SQLExceptionOverride {
    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        boolean isClosed = failure.getErrorCode() == ErrorCode.DATABASE_IS_CLOSED
                || failure.getErrorCode() == ErrorCode.DATABASE_CALLED_AT_SHUTDOWN
                || failure.getErrorCode() == ErrorCode.CONNECTION_BROKEN_1;
        return isClosed ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Math} from '@openzeppelin/contracts/utils/math/Math.sol';
import {ABPool} from '../../../liquidity/ABPool.sol';

/// @title The pool's arithmetic for many inputs in one call, each with the error that refused it
contract ArithmeticBatches {
    struct Outcome {
        bytes4 refusal;
        uint256[4] amounts;
    }

    /// @dev Of each row: amountIn, reserveIn, reserveOut, swapFee, protocolFee.
    /// Values: amountOut, protocolPart, reserveIn and reserveOut afterwards.
    function swaps(uint256[5][] calldata rows) external view returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            try this.swap(rows[i]) returns (uint256[4] memory values) {
                outcomes[i].amounts = values;
            } catch (bytes memory reason) {
                outcomes[i].refusal = bytes4(reason);
            }
        }
    }

    /// @dev Of each row: amountOut, reserveIn, reserveOut, swapFee, protocolFee. Values: amountIn.
    function swapsExactOut(uint256[5][] calldata rows) external view returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            try this.swapExactOut(rows[i]) returns (uint256[4] memory values) {
                outcomes[i].amounts = values;
            } catch (bytes memory reason) {
                outcomes[i].refusal = bytes4(reason);
            }
        }
    }

    /// @dev Of each row: amountA, amountB. Values: liquidity.
    function firstDeposits(uint256[5][] calldata rows) external view returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            try this.firstDeposit(rows[i]) returns (uint256[4] memory values) {
                outcomes[i].amounts = values;
            } catch (bytes memory reason) {
                outcomes[i].refusal = bytes4(reason);
            }
        }
    }

    /// @dev Of each row: desired A, desired B, reserveA, reserveB, total. Values: amountA, amountB, liquidity, the
    /// sum of what both are quoted at (one of which is the amount).
    function deposits(uint256[5][] calldata rows) external view returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            try this.deposit(rows[i]) returns (uint256[4] memory values) {
                outcomes[i].amounts = values;
            } catch (bytes memory reason) {
                outcomes[i].refusal = bytes4(reason);
            }
        }
    }

    /// @dev Of each row: liquidity, 0, reserveA, reserveB, total. Values: amountA, amountB.
    function withdrawals(uint256[5][] calldata rows) external view returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            try this.withdrawal(rows[i]) returns (uint256[4] memory values) {
                outcomes[i].amounts = values;
            } catch (bytes memory reason) {
                outcomes[i].refusal = bytes4(reason);
            }
        }
    }

    /// @dev Of each row: value. Values: its square root, rounded down.
    function roots(uint256[5][] calldata rows) external pure returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) outcomes[i].amounts[0] = Math.sqrt(rows[i][0]);
    }

    function swap(uint256[5] calldata row) external pure returns (uint256[4] memory values) {
        values[0] = ABPool.getAmountOut(row[0], row[1], row[2], row[3]);
        values[1] = ABPool.protocolPart(row[0], row[4]);
        values[2] = ABPool.bounded(row[1] + row[0] - values[1]);
        values[3] = row[2] - values[0];
    }

    function swapExactOut(uint256[5] calldata row) external pure returns (uint256[4] memory values) {
        values[0] = ABPool.getAmountIn(row[0], row[1], row[2], row[3]);
        ABPool.bounded(row[1] + values[0] - ABPool.protocolPart(values[0], row[4]));
    }

    function firstDeposit(uint256[5] calldata row) external pure returns (uint256[4] memory values) {
        values[0] = ABPool.initialLiquidity(row[0], row[1]);
    }

    function deposit(uint256[5] calldata row) external pure returns (uint256[4] memory values) {
        uint256 quotedB;
        (values[0], values[1], values[3], quotedB) = ABPool.amountsToAdd(row[0], row[1], row[2], row[3]);
        values[3] += quotedB;
        values[2] = ABPool.liquidityFor(values[0], values[1], row[2], row[3], row[4]);
        ABPool.bounded(row[2] + values[0]);
        ABPool.bounded(row[3] + values[1]);
    }

    function withdrawal(uint256[5] calldata row) external pure returns (uint256[4] memory values) {
        (values[0], values[1]) = ABPool.amountsFor(row[0], row[2], row[3], row[4]);
    }
}
